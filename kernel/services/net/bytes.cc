#include "bytes.h"

namespace curios::net {

static u32 add(u32 sum, u32 word) {
  sum += word;
  return sum + (sum < word ? 1 : 0);
}

// Adds eight words at a time; the next word adds their carries.
static const u32 *add_eights(const u32 *words, u32 eights, u32 &sum) {
  u32 all = sum;
  asm("1: ldm %0!, {r2-r9}\n"
      "adds %1, %1, r2\n adcs %1, %1, r3\n adcs %1, %1, r4\n adcs %1, %1, r5\n"
      "adcs %1, %1, r6\n adcs %1, %1, r7\n adcs %1, %1, r8\n adcs %1, %1, r9\n adc %1, %1, #0\n"
      "subs %2, %2, #1\n bne 1b"
      : "+r"(words), "+r"(all), "+r"(eights)
      :
      : "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "cc", "memory");
  sum = all;
  return words;
}

u32 sum16(const u8 *p, u32 bytes, u32 sum) {
  const u32 *words = reinterpret_cast<const u32 *>(p);
  if (bytes >= 32) words = add_eights(words, bytes / 32, sum);
  u64 all = sum;
  for (u32 n = bytes / 4 & 7; n > 0; n--) all += *words++;
  const u8 *rest = reinterpret_cast<const u8 *>(words);
  u32 last = 0;
  for (u32 i = 0; i < (bytes & 3); i++) last |= static_cast<u32>(rest[i]) << i * 8;
  all += last;
  return add(static_cast<u32>(all), static_cast<u32>(all >> 32));
}

u32 finish_sum(u32 sum) {
  sum = (sum & 0xffff) + (sum >> 16);
  sum += sum >> 16;
  return ~sum & 0xffff;
}

u32 pseudo_sum(u32 source, u32 destination, u32 protocol, u32 bytes) {
  u32 sum = add(__builtin_bswap32(source), __builtin_bswap32(destination));
  return add(sum, __builtin_bswap32(protocol << 16 | bytes));
}

void copy_bytes(void *to, const void *from, u32 bytes) { __builtin_memcpy(to, from, bytes); }

}  // namespace curios::net
