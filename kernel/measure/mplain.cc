// The baseline for the others: no checks.
#include "metered.h"

namespace curios {

METERED(mplain, 11, METERED_STATE)

}  // namespace curios
