// Numbers that a peer cannot guess: a keyed hash (SipHash-2-4, Aumasson and Bernstein 2012). Initial sequence numbers
// use it, as RFC 6528 requires.
#include "net.h"

namespace curios::net {

static u64 key0, key1;

static u64 turn(u64 x, u32 by) { return x << by | x >> (64 - by); }

namespace {

struct Hash {
  u64 v0, v1, v2, v3;
  void round() {
    v0 += v1, v1 = turn(v1, 13), v1 ^= v0, v0 = turn(v0, 32);
    v2 += v3, v3 = turn(v3, 16), v3 ^= v2;
    v0 += v3, v3 = turn(v3, 21), v3 ^= v0;
    v2 += v1, v1 = turn(v1, 17), v1 ^= v2, v2 = turn(v2, 32);
  }
  void add(u64 word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

}  // namespace

u32 secret_number(u32 a, u32 b, u32 c, u32 d) {
  Hash h{key0 ^ 0x736f6d6570736575ull, key1 ^ 0x646f72616e646f6dull, key0 ^ 0x6c7967656e657261ull, key1 ^ 0x7465646279746573ull};
  h.add(static_cast<u64>(b) << 32 | a);
  h.add(static_cast<u64>(d) << 32 | c);
  h.add(16ull << 56);
  h.v2 ^= 0xff;
  for (u32 i = 0; i < 4; i++) h.round();
  u64 sum = h.v0 ^ h.v1 ^ h.v2 ^ h.v3;
  return static_cast<u32>(sum) ^ static_cast<u32>(sum >> 32);
}

void secret_init() {
  u32 words[4];
  for (u32 i = 0; i < 4; i++) words[i] = static_cast<u32>(inspect(Inspect::SECRET, i));
  key0 = static_cast<u64>(words[1]) << 32 | words[0];
  key1 = static_cast<u64>(words[3]) << 32 | words[2];
}

}  // namespace curios::net
