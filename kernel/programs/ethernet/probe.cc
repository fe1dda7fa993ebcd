// The LAN91C111 as a driver sees it, with a host at 10.0.2.2 that answers ARP, as QEMU's user-mode network does.
#include "chip.h"
using namespace chip;

static void say(const char *what, u32 value) {
  put(what);
  put(' ');
  put_hex(value);
  put('\n');
}

static u8 answer[2048];

static void registers() {
  for (u32 b = 0; b < 4; b++) {
    bank(b);
    say("bank", word(BANK));
  }
  say("revision", get(3, REVISION));
  say("memory", get(0, MIR));
  say("configuration", get(1, CONFIG));
  say("control", get(1, CONTROL));
  for (u32 i = 0; i < 6; i += 2) say("address", get(1, ADDRESS + i));
  bank(2);
  reg(BASE + INTERRUPT) = 0x0001ffff;
  say("wide write", reg(BASE + INTERRUPT) >> 16);
  say("mask", get(2, INTERRUPT) >> 8);
}

static void allocation() {
  command(RESET);
  for (u32 i = 0; i < 4; i++) {
    command(ALLOCATE);
    say("allocated", interrupts() & ALLOCATED);
    say("  packet", get(2, PACKET) >> 8);
    say("  free", get(0, MIR) >> 8);
  }
  command(ALLOCATE);
  say("deferred", interrupts() & ALLOCATED);
  say("  failed", get(2, PACKET) >> 8);
  byte(PACKET) = 2;
  command(RELEASE);
  say("satisfied", interrupts() & ALLOCATED);
  say("  packet", get(2, PACKET) >> 8);
  command(RESET);
  say("free", get(0, MIR) >> 8);
}

static void pointer() {
  command(ALLOCATE);
  while (!(interrupts() & ALLOCATED)) {
  }
  byte(PACKET) = static_cast<u8>(get(2, PACKET) >> 8);
  point(WRITE | 5);
  reg(BASE + DATA) = 0x44332211;
  word(DATA + 2) = 0x6655;
  byte(DATA + 1) = 0x77;
  say("pointer", get(2, POINTER));
  point(READ | 5);
  say("byte", byte(DATA + 3));
  say("word", word(DATA));
  say("long", reg(BASE + DATA));
  command(RESET);
}

static void arp() {
  static const u8 request[] = {
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0,    0x12, 0x34, 0x56, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
      0x52, 0x54, 0,    0x12, 0x34, 0x56, 10,   0,    2,    15,   0,    0,    0, 0, 0, 0, 10, 0, 2, 2};
  say("FIFO", get(2, FIFO));
  send(request, sizeof request);
  say("empty", interrupts() & EMPTY);
  acknowledge(EMPTY);
  say("acknowledged", interrupts() & (EMPTY | SENT));
  while (!(interrupts() & RECEIVED)) {
  }
  say("received", get(2, FIFO) >> 8 & 0x80);
  u32 length = receive(answer);
  say("long enough", length >= 42);
  say("to us", answer[0] == 0x52 && answer[5] == 0x56);
  say("type", static_cast<u32>(answer[12] << 8 | answer[13]));
  say("operation", static_cast<u32>(answer[20] << 8 | answer[21]));
  say("from", static_cast<u32>(answer[28] << 24 | answer[29] << 16 | answer[30] << 8 | answer[31]));
  say("FIFO", get(2, FIFO) >> 8);
  say("free", get(0, MIR) >> 8);
}

int main() {
  registers();
  start();
  allocation();
  pointer();
  arp();
  put("done\n");
  return 0;
}
