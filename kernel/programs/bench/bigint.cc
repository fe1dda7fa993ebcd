// Big integers: 200 factorial and a long Fibonacci number, by carries and 64-bit products.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x71a94eee;

namespace {
constexpr int WORDS = 64;
struct Big {
  u32 w[WORDS] = {};
};

[[gnu::noinline]] void multiply(Big &x, u32 by) {
  u64 carry = 0;
  for (u32 &w : x.w) {
    carry += static_cast<u64>(w) * by;
    w = static_cast<u32>(carry);
    carry >>= 32;
  }
}

[[gnu::noinline]] void add(Big &x, const Big &y) {
  u64 carry = 0;
  for (int i = 0; i < WORDS; i++) {
    carry += static_cast<u64>(x.w[i]) + y.w[i];
    x.w[i] = static_cast<u32>(carry);
    carry >>= 32;
  }
}
} // namespace

u32 unit() {
  static Big f, a, b;
  f = Big{};
  f.w[0] = 1;
  for (u32 i = 2; i <= 300; i++)
    multiply(f, i);
  a = Big{};
  b = Big{};
  b.w[0] = 1;
  for (int i = 0; i < 1000; i++) {
    add(a, b);
    Big t = a;
    a = b;
    b = t;
  }
  u32 sum = 0;
  for (int i = 0; i < WORDS; i++)
    sum = sum * 31 + (f.w[i] ^ a.w[i]);
  return sum;
}
