// Devices of the board not covered by devices.cc: identification, and behaviour that this machine and QEMU share. ARM
// DUI 0224, and the manuals of the PrimeCells.
#include "faults.h"

constexpr u32 SYSTEM = 0x10000000, I2C = 0x10002000, SIC = 0x10003000, KEYBOARD = 0x10006000, MOUSE = 0x10007000,
              UART3 = 0x10009000, CLCD = 0x10120000, DMA = 0x10130000, VIC = 0x10140000, GPIO = 0x101e4000,
              FLASH = 0x34000000, PCI_SELF = 0x41000000, PCI_CONFIG = 0x42000000;

struct Device {
  const char *name;
  u32 address;
};
static const Device devices[] = {
    {"AACI", 0x10004000},  {"KMI0", KEYBOARD},     {"KMI1", MOUSE},       {"UART3", UART3},
    {"MMC1", 0x1000b000},  {"CLCD", CLCD},         {"DMAC", DMA},         {"GPIO0", GPIO},
    {"GPIO1", 0x101e5000}, {"GPIO2", 0x101e6000}, {"GPIO3", 0x101e7000},
};

static void identify() {
  for (const Device &d : devices) {
    u32 peripheral = 0, cell = 0;
    for (u32 i = 0; i < 4; i++) {
      peripheral |= (reg(d.address + 0xfe0 + i * 4) & 0xff) << i * 8;
      cell |= (reg(d.address + 0xff0 + i * 4) & 0xff) << i * 8;
    }
    put(d.name);
    put(": ");
    put_hex(peripheral);
    put(' ');
    put_hex(cell);
    put('\n');
  }
}

static void gpio() {
  put("\nPL061\n");
  reg(GPIO + 0x400) = 0xf0;   // direction
  reg(GPIO + 0x3fc) = 0xa5;
  say("outputs only", reg(GPIO + 0x3fc));
  reg(GPIO + 0x40 * 4) = 0;   // address masks bit 6
  say("bit 6 alone, which was clear", reg(GPIO + 0x3fc));
  reg(GPIO + 0x80 * 4) = 0;
  say("bit 7 cleared alone", reg(GPIO + 0x3fc));
  say("bit 5 read alone", reg(GPIO + 0x20 * 4));
  reg(GPIO + 0x404) = 0x0f;   // level
  reg(GPIO + 0x40c) = 0x0e;   // of pin 0, low
  say("raw", reg(GPIO + 0x414) & 1);
  say("masked", reg(GPIO + 0x418));
  say("VIC", reg(VIC + 8) & 1 << 6);
  reg(GPIO + 0x410) = 1;
  say("VIC, enabled", reg(VIC + 8) & 1 << 6);
  reg(GPIO + 0x40c) = 0x0f;
  reg(GPIO + 0x41c) = 0xff;
  say("VIC, no longer", reg(VIC + 8) & 1 << 6);
}

static void answers(const char *what, u32 port, const u8 *sent, u32 count) {
  put(what);
  put(':');
  reg(port) = 0x14;  // enable, interrupt for what is received
  for (u32 i = 0; i < count; i++) {
    while (reg(port + 4) & 0x10) [[maybe_unused]] u32 dropped = reg(port + 8);
    reg(port + 8) = sent[i];
  }
  put(reg(port + 0x10) & 1 ? " interrupts," : " silent,");
  say(" at the SIC", reg(SIC + 4) & 0x18);
  while (reg(port + 4) & 0x10) say("  byte", reg(port + 8));
}

static void ps2() {
  put("\nPL050\n");
  static const u8 reset[] = {0xff}, identity[] = {0xf2}, set[] = {0xf0, 0}, lights[] = {0xed, 2};
  static const u8 wheel[] = {0xf3, 200, 0xf3, 100, 0xf3, 80, 0xf2}, status[] = {0xe9};
  answers("keyboard, reset", KEYBOARD, reset, sizeof reset);
  answers("keyboard, identity", KEYBOARD, identity, sizeof identity);
  answers("keyboard, set of codes", KEYBOARD, set, sizeof set);
  answers("keyboard, lights", KEYBOARD, lights, sizeof lights);
  answers("mouse, reset", MOUSE, reset, sizeof reset);
  answers("mouse, identity", MOUSE, identity, sizeof identity);
  answers("mouse, with a wheel", MOUSE, wheel, sizeof wheel);
  answers("mouse, status", MOUSE, status, sizeof status);
}

static u32 from[16], to[16], item[4];
static u32 address(const void *p) { return static_cast<u32>(reinterpret_cast<size_t>(p)); }

static void dma() {
  put("\nPL080\n");
  for (u32 i = 0; i < 16; i++) from[i] = i * 0x01010101;
  asm volatile("" ::: "memory");
  item[0] = address(from);
  item[1] = address(to + 8);
  item[2] = 0;
  item[3] = 4 | 2 << 18 | 2 << 21 | 3u << 26 | 1u << 31;
  reg(DMA + 0x30) = 1;
  reg(DMA + 0x140) = address(from + 4);
  reg(DMA + 0x144) = address(to);
  reg(DMA + 0x148) = address(item);
  reg(DMA + 0x14c) = 4 | 2 << 18 | 2 << 21 | 3u << 26;
  asm volatile("" ::: "memory");
  reg(DMA + 0x150) = 1 | 3 << 14;
  while (reg(DMA + 0x1c) & 4) {
  }
  asm volatile("" ::: "memory");
  for (u32 i = 0; i < 12; i += 3) say("word", to[i]);
  say("terminal count", reg(DMA + 4));
  reg(DMA + 8) = 4;
  say("cleared", reg(DMA + 4));
}

static void screen() {
  put("\nPL110\n");
  say("SYS_CLCD", reg(SYSTEM + 0x50));
  reg(CLCD + 0x00) = 0x3f1f3f9c;
  reg(CLCD + 0x04) = 0x090b61df;
  reg(CLCD + 0x10) = 0x200000;
  reg(CLCD + 0x18) = 0x082a;  // control, where the manual of the PL110 has the interrupts
  say("timing 0", reg(CLCD + 0x00));
  say("timing 1", reg(CLCD + 0x04));
  say("base", reg(CLCD + 0x10));
  say("control", reg(CLCD + 0x18));
  reg(CLCD + 0x1c) = 0;
  say("interrupts", reg(CLCD + 0x1c));
  reg(CLCD + 0x200) = 0x7fff0421;
  say("palette", reg(CLCD + 0x200));
}

static void lines(u32 set, u32 clear) {
  reg(I2C) = set;
  reg(I2C + 4) = clear;
}
static u32 bit(u32 value) {
  lines(value ? 2 : 0, value ? 0 : 2);
  lines(1, 0);
  u32 seen = reg(I2C) >> 1 & 1;
  lines(0, 1);
  return seen;
}
static void start() {
  lines(2, 0);
  lines(1, 0);
  lines(0, 2);
  lines(0, 1);
}
static void stop() {
  lines(0, 2);
  lines(1, 0);
  lines(2, 0);
}
static bool send(u32 value) {
  for (u32 i = 8; i-- > 0;) bit(value >> i & 1);
  return !bit(1);
}
static u32 receive(bool more) {
  u32 value = 0;
  for (u32 i = 0; i < 8; i++) value = value << 1 | bit(1);
  bit(!more);
  return value;
}

static void serial() {
  put("\nI2C\n");
  start();
  check("nobody is at 0x50", !send(0xa0));
  stop();
  start();
  check("the clock is at 0x68", send(0xd0));
  send(0x10);
  for (u32 i = 0; i < 4; i++) send(0x11 * (i + 1));
  stop();
  start();
  send(0xd0);
  send(0x11);
  start();
  check("and answers a read", send(0xd1));
  say("memory", receive(true));
  say("memory", receive(true));
  say("memory", receive(false));
  stop();
  start();
  send(0xd0);
  send(0);
  start();
  send(0xd1);
  u32 seconds = receive(true), minutes = receive(true), hours = receive(false);
  stop();
  check("time is decimal", (seconds & 15) < 10 && seconds < 0x60 && (minutes & 15) < 10 && minutes < 0x60 && hours < 0x24);
}

// The flash is two 16-bit chips here and one 32-bit chip on QEMU: only what both return in the lowest byte is compared.
static void flash() {
  put("\nflash\n");
  reg(FLASH + 0x55 * 4) = 0x00980098;
  for (u32 i = 0x10; i < 0x15; i++) say("query", reg(FLASH + i * 4) & 0xff);
  say("extension", reg(FLASH + 0x31 * 4) & 0xff);
  reg(FLASH) = 0x00ff00ff;
  u32 at = FLASH + 0x40000;
  reg(at) = 0x00200020;
  reg(at) = 0x00d000d0;
  say("status", reg(at) & 0xff);
  reg(FLASH) = 0x00ff00ff;
  say("erased", reg(at));
  reg(at + 8) = 0x00400040;
  reg(at + 8) = 0xffff1234;
  say("status", reg(at) & 0xff);
  reg(FLASH) = 0x00ff00ff;
  say("programmed", reg(at + 8));
  say("beside it", reg(at + 12));
  reg(at) = 0x00200020;
  reg(at) = 0x00d000d0;
  reg(FLASH) = 0x00ff00ff;
  say("erased again", reg(at + 8));
}

static void pci() {
  put("\nPCI\n");
  for (u32 slot = 0; slot < 32; slot++) {
    if (reg(PCI_SELF + (slot << 11)) == 0x030010ee) {
      say("the controller is in slot", slot);
      say("class", reg(PCI_SELF + (slot << 11) + 8) >> 8);
    }
  }
  say("nobody in slot 20", reg(PCI_CONFIG + (20 << 11)));
}

int main() {
  install_vectors(0);
  identify();
  gpio();
  ps2();
  dma();
  screen();
  serial();
  flash();
  pci();
  put("done\n");
  return 0;
}
