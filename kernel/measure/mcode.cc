// Measures the checksum of its code, of 1 KiB.
#include "metered.h"

namespace curios {

// Only increases the size of the checked code.
[[gnu::used]] static i32 room(Metered<METERED_STATE> *) {
  asm volatile(".fill 232, 4, 0xe1a00000");  // as instructions are: not 0
  return OK;
}

METHODS = {
    {ENTRY(touch<METERED_STATE>), NOT_CONNECTED, OK, "touch"},
    {ENTRY(room), OK, OK, "room"},
};

SERVICE(mcode, 13, .state_bytes = sizeof(Metered<METERED_STATE>), .tag = 0x4d540001, .deadline = 20, .checks = CHECK_CODE)

}  // namespace curios
