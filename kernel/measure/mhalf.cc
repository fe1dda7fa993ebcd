// A state of 512 bytes, in a granule.
#include "metered.h"

namespace curios {

METERED(mhalf, 17, 512)

}  // namespace curios
