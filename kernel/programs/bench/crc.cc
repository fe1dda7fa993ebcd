// CRC-32 bit by bit: shifts, and a condition on random data.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x8ff2c457;

namespace {
u8 data[32768];
} // namespace

u32 unit() {
  for (u32 i = 0; i < sizeof data; i++)
    data[i] = static_cast<u8>(i * 7);
  u32 crc = ~0u;
  for (u8 byte : data) {
    crc ^= byte;
    for (int k = 0; k < 8; k++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}
