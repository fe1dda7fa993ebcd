// Decoding like that of a JPEG picture: run lengths and sizes of coefficients from a bit stream, dequantisation, an 8
// by 8 inverse cosine transform, and colour conversion.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0xfe20503d;

namespace {
constexpr u32 SIDE = 8, AREA = SIDE * SIDE, BLOCKS = 48, COMPONENTS = 3;
constexpr u32 END = 15;  // of a block, in place of a run length
u32 stream[BLOCKS * COMPONENTS * 24];
u32 written;
u32 read;
u8 order[AREA];
u16 scales[AREA];
i32 coefficients[AREA];
u8 samples[COMPONENTS][AREA];
u32 pixels[AREA];

void write_bits(u32 value, u32 count) {
  for (u32 i = 0; i < count; i++, written++) {
    u32 bit = 1u << (written & 31);
    u32 &word = stream[written >> 5];
    word = value >> i & 1 ? word | bit : word & ~bit;
  }
}

u32 read_bits(u32 count) {
  u32 at = read >> 5, shift = read & 31;
  read += count;
  u32 value = stream[at] >> shift;
  if (shift + count > 32)
    value |= stream[at + 1] << (32 - shift);
  return value & ((1u << count) - 1);
}

void make_order() {
  u32 x = 0, y = 0;
  bool up = true;
  for (u32 i = 0; i < AREA; i++) {
    order[i] = y * SIDE + x;
    scales[i] = 4 + 2 * i;
    if (up ? x == SIDE - 1 || y == 0 : y == SIDE - 1 || x == 0) {
      bool right = up ? x < SIDE - 1 : y == SIDE - 1;
      (right ? x : y)++;
      up = !up;
    } else {
      x += up ? 1 : -1;
      y += up ? -1 : 1;
    }
  }
}

void write_picture() {
  Random random;
  written = 0;
  for (u32 block = 0; block < BLOCKS * COMPONENTS; block++) {
    write_bits(random.next() & 0xff, 8);
    u32 place = 1;
    while (true) {
      u32 run = random.next() % 7;
      if (place + run >= AREA || (random.next() & 15) == 0)
        break;
      u32 size = 1 + random.next() % 5;
      write_bits(run, 4);
      write_bits(size, 3);
      write_bits(random.next(), size);
      place += run + 1;
    }
    write_bits(END, 4);
  }
}

void read_block() {
  for (i32 &c : coefficients)
    c = 0;
  coefficients[0] = (i32(read_bits(8)) - 128) * scales[0];
  u32 place = 1;
  for (u32 run = read_bits(4); run != END; run = read_bits(4)) {
    u32 size = read_bits(3);
    i32 value = read_bits(size);
    if (value >> (size - 1) == 0)
      value -= (1 << size) - 1;
    place += run;
    coefficients[order[place]] = value * scales[place];
    place++;
  }
}

// One dimension of the transform, in place, with constants of 12 bits: cosines and sines of multiples of pi / 16.
[[gnu::always_inline]] inline void transform(i32 *v, u32 step, u32 shift) {
  i32 z1 = (v[2 * step] + v[6 * step]) * 2217;
  i32 t2 = z1 - v[6 * step] * 7567, t3 = z1 + v[2 * step] * 3135;
  i32 t0 = (v[0] + v[4 * step]) << 12, t1 = (v[0] - v[4 * step]) << 12;
  i32 e0 = t0 + t3, e3 = t0 - t3, e1 = t1 + t2, e2 = t1 - t2;
  i32 a = v[7 * step], b = v[5 * step], c = v[3 * step], d = v[step];
  i32 y1 = a + d, y2 = b + c, y3 = a + c, y4 = b + d, y5 = (y3 + y4) * 4816;
  a *= 1223, b *= 8410, c *= 12586, d *= 6149;
  y1 *= -3685, y2 *= -10498, y3 = y3 * -8035 + y5, y4 = y4 * -1598 + y5;
  a += y1 + y3, b += y2 + y4, c += y2 + y3, d += y1 + y4;
  i32 half = 1 << (shift - 1);
  v[0] = (e0 + d + half) >> shift, v[7 * step] = (e0 - d + half) >> shift;
  v[step] = (e1 + c + half) >> shift, v[6 * step] = (e1 - c + half) >> shift;
  v[2 * step] = (e2 + b + half) >> shift, v[5 * step] = (e2 - b + half) >> shift;
  v[3 * step] = (e3 + a + half) >> shift, v[4 * step] = (e3 - a + half) >> shift;
}

u8 clamp(i32 v) { return v < 0 ? 0 : v > 255 ? 255 : v; }

[[gnu::noinline]] void transform_block(u8 *to) {
  for (u32 i = 0; i < SIDE; i++)
    transform(coefficients + i, SIDE, 9);
  for (u32 i = 0; i < SIDE; i++)
    transform(coefficients + i * SIDE, 1, 18);
  for (u32 i = 0; i < AREA; i++)
    to[i] = clamp(coefficients[i] + 128);
}

[[gnu::noinline]] void colour() {
  for (u32 i = 0; i < AREA; i++) {
    i32 y = samples[0][i] << 14, blue = samples[1][i] - 128, red = samples[2][i] - 128;
    u32 r = clamp((y + 22970 * red) >> 14), g = clamp((y - 5638 * blue - 11700 * red) >> 14), b = clamp((y + 29032 * blue) >> 14);
    pixels[i] = r << 16 | g << 8 | b;
  }
}
} // namespace

u32 unit() {
  make_order();
  write_picture();
  read = 0;
  u32 sum = 0;
  for (u32 block = 0; block < BLOCKS; block++) {
    for (auto &component : samples) {
      read_block();
      transform_block(component);
    }
    colour();
    for (u32 p : pixels)
      sum = sum * 31 + p;
  }
  return sum;
}
