// The LAN91C111 for bare-metal programs that poll it (data sheet DS00002276).
#pragma once
#include "guest.h"

namespace chip {
constexpr u32 BASE = 0x10010000;
constexpr u32 TCR = 0x0, EPHSR = 0x2, RCR = 0x4, MIR = 0x8, RPCR = 0xa;         // bank 0
constexpr u32 CONFIG = 0x0, ADDRESS = 0x4, CONTROL = 0xc;                       // bank 1
constexpr u32 MMU = 0x0, PACKET = 0x2, FIFO = 0x4, POINTER = 0x6, DATA = 0x8, INTERRUPT = 0xc;  // bank 2
constexpr u32 REVISION = 0xa;                                                   // bank 3
constexpr u32 BANK = 0xe;
constexpr u32 ALLOCATE = 1, RESET = 2, REMOVE = 3, REMOVE_AND_RELEASE = 4, RELEASE = 5, ENQUEUE = 6;
constexpr u32 RECEIVED = 1, SENT = 2, EMPTY = 4, ALLOCATED = 8, OVERRUN = 0x10;
constexpr u32 WRITE = 0x4000, READ = 0x6000, RECEIVE = 0xe000;  // of the pointer, with auto-increment
constexpr u32 MOST = 1514;

inline volatile u16 &word(u32 offset) { return *reinterpret_cast<volatile u16 *>(static_cast<size_t>(BASE + offset)); }
inline volatile u8 &byte(u32 offset) { return *reinterpret_cast<volatile u8 *>(static_cast<size_t>(BASE + offset)); }
inline void bank(u32 number) { word(BANK) = static_cast<u16>(number); }
inline u32 get(u32 b, u32 offset) {
  bank(b);
  return word(offset);
}
inline void set(u32 b, u32 offset, u32 value) {
  bank(b);
  word(offset) = static_cast<u16>(value);
}
inline void command(u32 c) { set(2, MMU, c << 5); }
inline u32 interrupts() { return get(2, INTERRUPT) & 0xff; }
inline void acknowledge(u32 bits) {
  bank(2);
  byte(INTERRUPT) = static_cast<u8>(bits);
}
inline void point(u32 value) { set(2, POINTER, value); }

inline void start() {
  set(0, RCR, 0x8000);
  set(0, RCR, 0);
  set(1, CONFIG, 0x9000);
  set(0, RPCR, 0x3000);  // 100 Mbit/s, full duplex
  set(0, TCR, 0x8081);
  set(0, RCR, 0x0300);
}

// Allocates a packet and writes a frame into it; its number. Drops frames received meanwhile, since they may occupy all
// memory.
inline u32 fill(const u8 *frame, u32 length) {
  command(ALLOCATE);
  while (!(interrupts() & ALLOCATED))
    if (interrupts() & RECEIVED) command(REMOVE_AND_RELEASE);
  u32 number = get(2, PACKET) >> 8;
  byte(PACKET) = static_cast<u8>(number);
  point(WRITE);
  reg(BASE + DATA) = ((length & ~1u) + 6) << 16;
  for (u32 i = 0; i + 1 < length; i += 2) word(DATA) = static_cast<u16>(frame[i] | frame[i + 1] << 8);
  word(DATA) = static_cast<u16>(length & 1 ? 0x2000 | frame[length - 1] : 0);
  return number;
}

inline void send(const u8 *frame, u32 length) {
  u32 number = fill(frame, length);
  command(ENQUEUE);
  while (!(interrupts() & SENT)) {
  }
  acknowledge(SENT);
  byte(PACKET) = static_cast<u8>(number);
  command(RELEASE);
}

// Reads the frame at the head of the receive FIFO; its length, including padding.
inline u32 receive(u8 *frame) {
  bank(2);
  point(RECEIVE);
  u32 head = reg(BASE + DATA);
  u32 words = (head >> 17 & 0x3ff) - 3;
  u32 length = words * 2;
  for (u32 i = 0; i < words; i++) {
    u32 w = word(DATA);
    frame[2 * i] = static_cast<u8>(w);
    frame[2 * i + 1] = static_cast<u8>(w >> 8);
  }
  u32 last = word(DATA);
  if (last & 0x2000) frame[length++] = static_cast<u8>(last);
  command(REMOVE_AND_RELEASE);
  return length;
}
} // namespace chip
