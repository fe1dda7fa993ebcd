// Measures the checksum of 64 bytes of private data.
#include "metered.h"

namespace curios {

METERED(mdata, 12, METERED_STATE, .checks = CHECK_PRIVATE)

}  // namespace curios
