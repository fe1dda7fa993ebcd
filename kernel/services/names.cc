// The name service: everybody's first handle. It gives a handle to each caller that asks for a service by name.
#include <curios/descriptor.h>

namespace curios {

static i32 find(void *) { return system(SYS_LOOKUP); }

METHODS = {{ENTRY(find), ABSENT, 0xffffff, "lookup"}};

SERVICE(names, NAMES_ID, .deadline = 20, .rights = MAY_LOOKUP, .checks = CHECK_CODE)

}  // namespace curios
