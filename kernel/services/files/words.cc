// Loops over words, in which the cache spends most of its time.
#include "cache.h"

namespace curios::files {
namespace {

// By eight words.
u32 unit_sum(const u32 *w) {
  u32 sum;
  asm("ldm %0!, {r3-r10}\n"
      "add %1, r3, r4\n add %1, %1, r5\n add %1, %1, r6\n add %1, %1, r7\n"
      "add %1, %1, r8\n add %1, %1, r9\n add %1, %1, r10\n"
      ".rept 3\n"
      "ldm %0!, {r3-r10}\n"
      "add %1, %1, r3\n add %1, %1, r4\n add %1, %1, r5\n add %1, %1, r6\n"
      "add %1, %1, r7\n add %1, %1, r8\n add %1, %1, r9\n add %1, %1, r10\n"
      ".endr"
      : "+r"(w), "=&r"(sum)
      :
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "memory");
  return sum;
}
static_assert(KEPT_UNIT == 128);

}  // namespace

u32 *zeros(u32 bytes) {
  for (u32 at = 0; at < bytes; at += KEPT_UNIT) must(unit_sum(work.zeros + at / sizeof(u32)) == 0);
  return work.zeros;
}

bool is_unit_sound(u32 unit) {
  const u32 *sums = reinterpret_cast<const u32 *>(kept_at(KEPT_BYTES));
  return unit_sum(reinterpret_cast<const u32 *>(kept_at(unit * KEPT_UNIT))) == sums[unit] || volume().unchecked != 0;
}

bool is_sound(u32 at, u32 bytes) {
  for (u32 unit = at / KEPT_UNIT, last = (at + bytes - 1) / KEPT_UNIT; unit <= last; unit++)
    if (!is_unit_sound(unit)) return false;
  return true;
}

void copy_words(void *to, const void *from, u32 bytes) {
  const u8 *end = static_cast<const u8 *>(from) + bytes;
  asm volatile("1: cmp %1, %2\n ldmne %1!, {r3-r10}\n stmne %0!, {r3-r10}\n bne 1b"
               : "+r"(to), "+r"(from)
               : "r"(end)
               : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "cc", "memory");
}

}  // namespace curios::files
