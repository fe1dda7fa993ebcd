// A fixed-point FIR filter of 32 taps with saturation.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x80c17346;

namespace {
constexpr int TAPS = 32, N = 4096;
i32 input[N + TAPS], output[N];
i32 taps[TAPS];

i32 saturate(i32 v) { return v > 32767 ? 32767 : v < -32768 ? -32768 : v; }
} // namespace

u32 unit() {
  Random random;
  for (i32 &v : input)
    v = static_cast<i32>(random.next() & 0xffff) - 32768;
  for (int i = 0; i < TAPS; i++)
    taps[i] = (i < TAPS / 2 ? i : TAPS - i) * 300 - 1200;
  for (int i = 0; i < N; i++) {
    i32 sum = 1 << 14;
    for (int k = 0; k < TAPS; k++)
      sum += taps[k] * (input[i + k] >> 2);
    output[i] = saturate(sum >> 15);
  }
  u32 sum = 0;
  for (i32 v : output)
    sum = sum * 31 + static_cast<u32>(v);
  return sum;
}
