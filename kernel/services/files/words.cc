// Loops over the words of a sector, where most of the time of the cache goes.
#include "cache.h"

namespace curios::files {

// Eight words at a time.
u32 plain_sum(const u32 *w) {
  u32 sum = 0;
  const u32 *end = w + SECTOR_WORDS;
  asm("1: ldm %0!, {r3-r10}\n"
      "add %1, %1, r3\n add %1, %1, r4\n add %1, %1, r5\n add %1, %1, r6\n"
      "add %1, %1, r7\n add %1, %1, r8\n add %1, %1, r9\n add %1, %1, r10\n"
      "cmp %0, %2\n bne 1b"
      : "+r"(w), "+r"(sum)
      : "r"(end)
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "cc", "memory");
  return sum;
}

Sum sum_of(const u32 *w) {
  u32 plain = 0, low = 0, high = 0, place = 1;
  const u32 *end = w + SECTOR_WORDS;
  asm("1: ldm %0!, {r3-r6}\n"
      "add %1, %1, r3\n umlal %2, %3, r3, %4\n add %4, %4, #1\n"
      "add %1, %1, r4\n umlal %2, %3, r4, %4\n add %4, %4, #1\n"
      "add %1, %1, r5\n umlal %2, %3, r5, %4\n add %4, %4, #1\n"
      "add %1, %1, r6\n umlal %2, %3, r6, %4\n add %4, %4, #1\n"
      "cmp %0, %5\n bne 1b"
      : "+r"(w), "+r"(plain), "+r"(low), "+r"(high), "+r"(place)
      : "r"(end)
      : "r3", "r4", "r5", "r6", "cc", "memory");
  return {plain, low, high};
}

void copy_words(void *to, const void *from, u32 bytes) {
  const u8 *end = static_cast<const u8 *>(from) + bytes;
  asm volatile("1: cmp %1, %2\n ldmne %1!, {r3-r10}\n stmne %0!, {r3-r10}\n bne 1b"
               : "+r"(to), "+r"(from)
               : "r"(end)
               : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "cc", "memory");
}

}  // namespace curios::files
