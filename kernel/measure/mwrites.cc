// A state that detects writes by anything but set.
#include "metered.h"

namespace curios {

METERED(mwrites, 14, METERED_STATE, .checks = CHECK_WRITES)

}  // namespace curios
