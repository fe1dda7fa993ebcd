// Measures one limit for one word.
#include "metered.h"

namespace curios {

LIMITS = {WORD_LIMIT(Metered<METERED_STATE>, touched, 0, 1000000)};

METERED(mlimit, 16, METERED_STATE, LIMITED)

}  // namespace curios
