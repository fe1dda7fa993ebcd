// What the others are compared with: no checks.
#include "metered.h"

namespace curios {

METERED(mplain, 11, METERED_STATE)

}  // namespace curios
