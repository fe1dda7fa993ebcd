// Measures a state of 512 bytes, in granules.
#include "metered.h"

namespace curios {

METERED(mhalf, 17, 512)

}  // namespace curios
