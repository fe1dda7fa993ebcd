#include "bytes.h"

namespace curios::net {

static u32 add(u32 sum, u32 word) {
  sum += word;
  return sum + (sum < word ? 1 : 0);
}

u32 sum16(const u8 *p, u32 bytes, u32 sum) {
  const u32 *words = reinterpret_cast<const u32 *>(p);
  u64 all = sum;
  u32 n = bytes / 4;
  for (; n >= 4; n -= 4, words += 4) {
    all += words[0];
    all += words[1];
    all += words[2];
    all += words[3];
  }
  for (; n > 0; n--) all += *words++;
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
