// The name service: the first handle of every object. It gives each caller a handle for the service that it names.
#include <curios/descriptor.h>

namespace curios {

static i32 find(void *) { return system(SYS_LOOKUP); }

METHODS = {{ENTRY(find), ABSENT, 0xffffff, "lookup"}};

SERVICE(names, NAMES_ID, .deadline = 20, .rights = MAY_LOOKUP, .checks = CHECK_CODE)

}  // namespace curios
