// A service whose kept memory has checksums.
#include "tests.h"

namespace curios {

constexpr u32 SIZE = 2 * PAGE_BYTES;

// Writes from the client's memory to kept memory.
static i32 fill(void *, u32 offset, u32 memory, u32 range) { return keep_from(offset, memory, range >> 16, range & 0xffff); }

// Copies kept memory to an offset in the client's memory.
static i32 show(void *, u32 offset, u32 memory, u32 range) {
  return copy_out(memory, range >> 16, kept_memory<LEDGER_ID>(offset), range & 0xffff);
}

METHODS = {
    {ENTRY(fill), -100, OK, "fill"},
    {ENTRY(show), -100, static_cast<i32>(SIZE), "show"},
};

SERVICE(ledger, LEDGER_ID, .kept = SIZE, .kept_summed = 1, .deadline = 20, .checks = CHECK_PRIVATE)

}  // namespace curios
