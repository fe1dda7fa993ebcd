// Measures a state of 1024 bytes, in granules.
#include "metered.h"

namespace curios {

METERED(mlarge, 18, 1024)

}  // namespace curios
