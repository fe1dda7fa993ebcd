// XTEA in counter mode and a ChaCha-like mixing: additions, rotations, exclusive or.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0xe77a3f37;

namespace {
u32 rotate(u32 v, int n) { return v << n | v >> (32 - n); }

[[gnu::noinline]] void xtea(u32 *v, const u32 *key) {
  u32 a = v[0], b = v[1], sum = 0;
  for (int i = 0; i < 32; i++) {
    a += ((b << 4 ^ b >> 5) + b) ^ (sum + key[sum & 3]);
    sum += 0x9e3779b9;
    b += ((a << 4 ^ a >> 5) + a) ^ (sum + key[sum >> 11 & 3]);
  }
  v[0] = a;
  v[1] = b;
}

void quarter(u32 &a, u32 &b, u32 &c, u32 &d) {
  a += b, d = rotate(d ^ a, 16);
  c += d, b = rotate(b ^ c, 12);
  a += b, d = rotate(d ^ a, 8);
  c += d, b = rotate(b ^ c, 7);
}
} // namespace

u32 unit() {
  const u32 key[4] = {1, 2, 3, 4};
  u32 sum = 0, x[16];
  for (u32 i = 0; i < 1500; i++) {
    u32 v[2] = {i, ~i};
    xtea(v, key);
    sum = sum * 31 + (v[0] ^ v[1]);
  }
  for (u32 i = 0; i < 16; i++)
    x[i] = i * 0x01010101 + sum;
  for (int round = 0; round < 1500; round++) {
    for (u32 i = 0; i < 4; i++)
      quarter(x[i], x[4 + i], x[8 + i], x[12 + i]);
    for (u32 i = 0; i < 4; i++)
      quarter(x[i], x[4 + (i + 1) % 4], x[8 + (i + 2) % 4], x[12 + (i + 3) % 4]);
  }
  for (u32 v : x)
    sum = sum * 31 + v;
  return sum;
}
