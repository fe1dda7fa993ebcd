// AES-128 in counter mode with four tables of 1 KiB, as implementations without AES instructions use.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x083f4212;

namespace {
constexpr u32 ROUNDS = 10, BLOCKS = 400;
u8 box[256];
u32 tables[4][256];
u32 keys[4 * (ROUNDS + 1)];

u32 rotate(u32 v, u32 n) { return n == 0 ? v : v << n | v >> (32 - n); }
u8 twice(u8 v) { return v << 1 ^ (v & 0x80 ? 0x1b : 0); }

// The substitution: the inverse in the field of 256 elements, found by walking through powers of 3, and an affine map.
void make_tables() {
  u8 power = 1, inverse = 1;
  do {
    power ^= twice(power);
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse ^= inverse & 0x80 ? 0x09 : 0;
    u32 spread = inverse * 0x101u;
    box[power] = (spread ^ spread >> 7 ^ spread >> 6 ^ spread >> 5 ^ spread >> 4) ^ 0x63;
  } while (power != 1);
  box[0] = 0x63;
  for (u32 i = 0; i < 256; i++) {
    u8 s = box[i], t = twice(s);
    u32 column = t | u32(s) << 8 | u32(s) << 16 | u32(s ^ t) << 24;
    for (u32 j = 0; j < 4; j++)
      tables[j][i] = rotate(column, 8 * j);
  }
}

u32 substitute(u32 a, u32 b, u32 c, u32 d) {
  return box[a & 0xff] | box[b >> 8 & 0xff] << 8 | box[c >> 16 & 0xff] << 16 | u32(box[d >> 24]) << 24;
}

void expand(const u32 *key) {
  u8 constant = 1;
  for (u32 i = 0; i < 4 * (ROUNDS + 1); i++) {
    if (i < 4) {
      keys[i] = key[i];
      continue;
    }
    u32 word = keys[i - 1];
    if ((i & 3) == 0) {
      word = rotate(word, 24);
      word = substitute(word, word, word, word) ^ constant;
      constant = twice(constant);
    }
    keys[i] = keys[i - 4] ^ word;
  }
}

u32 mix(u32 a, u32 b, u32 c, u32 d) {
  return tables[0][a & 0xff] ^ tables[1][b >> 8 & 0xff] ^ tables[2][c >> 16 & 0xff] ^ tables[3][d >> 24];
}

[[gnu::noinline]] void encrypt(u32 *words) {
  const u32 *key = keys;
  u32 a = words[0] ^ key[0], b = words[1] ^ key[1], c = words[2] ^ key[2], d = words[3] ^ key[3];
  for (u32 round = 1; round < ROUNDS; round++) {
    key += 4;
    u32 e = mix(a, b, c, d) ^ key[0], f = mix(b, c, d, a) ^ key[1], g = mix(c, d, a, b) ^ key[2], h = mix(d, a, b, c) ^ key[3];
    a = e, b = f, c = g, d = h;
  }
  key += 4;
  words[0] = substitute(a, b, c, d) ^ key[0];
  words[1] = substitute(b, c, d, a) ^ key[1];
  words[2] = substitute(c, d, a, b) ^ key[2];
  words[3] = substitute(d, a, b, c) ^ key[3];
}
} // namespace

u32 unit() {
  // FIPS 197, appendix B: key, plain text and cipher text.
  const u32 key[4] = {0x16157e2b, 0xa6d2ae28, 0x8815f7ab, 0x3c4fcf09};
  u32 words[4] = {0xa8f64332, 0x8d305a88, 0xa2983131, 0x340737e0};
  make_tables();
  expand(key);
  encrypt(words);
  if (words[0] != 0x1d842539 || words[1] != 0xfb09dc02 || words[2] != 0x978511dc || words[3] != 0x320b6a19)
    return 0;
  u32 sum = 0;
  for (u32 i = 0; i < BLOCKS; i++) {
    words[0] ^= i;
    encrypt(words);
    sum = sum * 31 + (words[0] ^ words[3]);
  }
  return sum;
}
