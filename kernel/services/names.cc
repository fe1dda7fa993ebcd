// The name service: everybody's first handle. It gives a handle of its own to who asks for a service by name.
#include <curios/descriptor.h>

namespace curios {

static i32 find(void *, u32 low, u32 high) {
  i32 service = system(SYS_LOOKUP, low, high);
  if (service < 0) return service;
  i32 copy = system(SYS_GIVE, static_cast<u32>(service), ~0u);
  drop(static_cast<Handle>(service));
  return copy;
}

METHODS = {{ENTRY(find), ABSENT, 0xffffff, "lookup"}};

SERVICE(names, NAMES_ID, .deadline = 20, .rights = MAY_LOOKUP, .checks = CHECK_CODE)

}  // namespace curios
