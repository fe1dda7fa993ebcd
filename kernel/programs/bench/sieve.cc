// Sieve of Eratosthenes: byte stores with a stride.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x0000198e;

namespace {
constexpr int N = 1 << 16;
u8 composite[N];
} // namespace

u32 unit() {
  u32 primes = 0;
  for (int i = 2; i < N; i++)
    composite[i] = 0;
  for (int i = 2; i < N; i++) {
    if (composite[i])
      continue;
    primes++;
    for (int k = 2 * i; k < N; k += i)
      composite[k] = 1;
  }
  return primes;
}
