// Recursive Fibonacci and Ackermann: calls and returns, pushes and pops.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x010e4013;

namespace {
[[gnu::noinline]] u32 fibonacci(u32 n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

[[gnu::noinline]] u32 ackermann(u32 m, u32 n) {
  if (m == 0)
    return n + 1;
  return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}
} // namespace

u32 unit() { return fibonacci(22) * 1000 + ackermann(2, 60); }
