// Numbers in packets, in network byte order.
#pragma once
#include <curios/abi.h>

namespace curios::net {

inline u32 get16(const u8 *p) { return static_cast<u32>(p[0] << 8 | p[1]); }
inline u32 get32(const u8 *p) { return static_cast<u32>(p[0]) << 24 | static_cast<u32>(p[1] << 16 | p[2] << 8 | p[3]); }
inline void put16(u8 *p, u32 n) {
  p[0] = static_cast<u8>(n >> 8);
  p[1] = static_cast<u8>(n);
}
inline void put32(u8 *p, u32 n) {
  put16(p, n >> 16);
  put16(p + 2, n & 0xffff);
}

inline u32 least(u32 a, u32 b) { return a < b ? a : b; }
inline u32 most(u32 a, u32 b) { return a > b ? a : b; }

// The sum of 16-bit words, not folded (RFC 1071); `p` is word-aligned. The bytes keep their order in memory, so the
// result is for store_sum().
u32 sum16(const u8 *p, u32 bytes, u32 sum);
// Folds and complements the sum.
u32 finish_sum(u32 sum);
inline void store_sum(u8 *p, u32 sum) {
  p[0] = static_cast<u8>(sum);
  p[1] = static_cast<u8>(sum >> 8);
}
// The sum of the pseudo-header of TCP and UDP.
u32 pseudo_sum(u32 source, u32 destination, u32 protocol, u32 bytes);

void copy_bytes(void *to, const void *from, u32 bytes);

}  // namespace curios::net
