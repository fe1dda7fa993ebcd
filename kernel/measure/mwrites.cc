// A state that notices what changes it.
#include "metered.h"

namespace curios {

METERED(mwrites, 14, METERED_STATE, .checks = CHECK_WRITES)

}  // namespace curios
