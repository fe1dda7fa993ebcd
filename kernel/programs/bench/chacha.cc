// ChaCha20 with its ten double rounds written out, 16 words of state in 13 registers: 1300 instructions without a branch.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0xee0557ff;

namespace {
constexpr u32 BLOCKS = 300;

u32 rotate(u32 v, int n) { return v << n | v >> (32 - n); }

[[gnu::always_inline]] inline void quarter(u32 &a, u32 &b, u32 &c, u32 &d) {
  a += b, d = rotate(d ^ a, 16);
  c += d, b = rotate(b ^ c, 12);
  a += b, d = rotate(d ^ a, 8);
  c += d, b = rotate(b ^ c, 7);
}

[[gnu::noinline]] void block(const u32 *in, u32 *out) {
  u32 x[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++)
    x[i] = in[i];
#pragma clang loop unroll(full)
  for (int i = 0; i < 10; i++) {
    quarter(x[0], x[4], x[8], x[12]);
    quarter(x[1], x[5], x[9], x[13]);
    quarter(x[2], x[6], x[10], x[14]);
    quarter(x[3], x[7], x[11], x[15]);
    quarter(x[0], x[5], x[10], x[15]);
    quarter(x[1], x[6], x[11], x[12]);
    quarter(x[2], x[7], x[8], x[13]);
    quarter(x[3], x[4], x[9], x[14]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++)
    out[i] = x[i] + in[i];
}
} // namespace

u32 unit() {
  u32 in[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, out[16], sum = 0;
  for (u32 i = 4; i < 12; i++)
    in[i] = i * 0x01020304;
  for (u32 i = 0; i < BLOCKS; i++) {
    in[12] = i;
    block(in, out);
    for (u32 v : out)
      sum = sum * 31 + v;
  }
  return sum;
}
