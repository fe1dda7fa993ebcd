// Measures a Guarded state, which detects stray writes.
#include "metered.h"

namespace curios {

METERED(mwrites, 14, METERED_STATE, .checks = CHECK_WRITES)

}  // namespace curios
