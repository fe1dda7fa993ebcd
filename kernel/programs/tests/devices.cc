// Identification and plain behaviour of the board's devices. ARM DUI 0225 (VersatilePB), the PrimeCell manuals.
#include "faults.h"

struct Device {
  const char *name;
  u32 address;
};
static const Device devices[] = {
    {"UART0", 0x101f1000}, {"UART1", 0x101f2000}, {"UART2", 0x101f3000}, {"timers 0, 1", 0x101e2000},
    {"timers 2, 3", 0x101e3000}, {"VIC", 0x10140000}, {"RTC", 0x101e8000}, {"MMC", 0x10005000},
};
constexpr u32 SYSTEM_REGISTERS = 0x10000000, RTC = 0x101e8000, TIMER1 = 0x101e2020, UART1 = 0x101f2000;

int main() {
  install_vectors(0);
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
  say("board", reg(SYSTEM_REGISTERS));
  reg(SYSTEM_REGISTERS + 8) = 0x5a;
  say("LEDs", reg(SYSTEM_REGISTERS + 8));
  reg(SYSTEM_REGISTERS + 0x20) = 0xa05f;
  say("unlocked", reg(SYSTEM_REGISTERS + 0x20) & 0xffff);
  reg(SYSTEM_REGISTERS + 0x20) = 0;
  reg(SYSTEM_REGISTERS + 0x30) = 0xf0;
  reg(SYSTEM_REGISTERS + 0x30) = 0x0f;
  say("flags", reg(SYSTEM_REGISTERS + 0x30));
  reg(SYSTEM_REGISTERS + 0x34) = 0x3c;
  say("flags cleared", reg(SYSTEM_REGISTERS + 0x30));
  u32 last24 = reg(SYSTEM_REGISTERS + 0x5c);
  bool monotonic = true;
  for (u32 i = 0; i < 1000; i++) {
    u32 now = reg(SYSTEM_REGISTERS + 0x5c);
    monotonic &= static_cast<i32>(now - last24) >= 0;
    last24 = now;
  }
  check("24 MHz counter does not go back", monotonic);
  u32 start = reg(SYSTEM_REGISTERS + 0x5c);
  while (reg(SYSTEM_REGISTERS + 0x5c) - start < 24000) {
  }
  check("and goes on", true);

  reg(TIMER1 + 8) = 0;
  reg(TIMER1 + 0) = 0x12345678;
  reg(TIMER1 + 8) = 0xc2;
  u32 a = reg(TIMER1 + 4), b = reg(TIMER1 + 4);
  check("timer 1 counts down", a <= 0x12345678 && b <= a);
  say("its control", reg(TIMER1 + 8));
  say("its load", reg(TIMER1));
  reg(TIMER1 + 0x18) = 0x1000;
  say("background load", reg(TIMER1));
  reg(TIMER1 + 8) = 0x20;
  say("control at rest", reg(TIMER1 + 8));

  reg(RTC + 8) = 0x10000000;  // load
  u32 time = reg(RTC);
  check("RTC starts at its load", time - 0x10000000 < 2);
  reg(RTC + 4) = 0xffffffff;  // match
  say("match", reg(RTC + 4));
  reg(RTC + 0x10) = 1;
  say("interrupt mask", reg(RTC + 0x10));

  say("UART1 flags", reg(UART1 + 0x18));
  reg(UART1 + 0x24) = 0x12;
  reg(UART1 + 0x28) = 0x34;
  reg(UART1 + 0x2c) = 0x70;
  reg(UART1 + 0x34) = 0x09;
  say("integer divisor", reg(UART1 + 0x24));
  say("fractional divisor", reg(UART1 + 0x28));
  say("line control", reg(UART1 + 0x2c));
  say("FIFO levels", reg(UART1 + 0x34));
  say("control", reg(UART1 + 0x30));
  put("done\n");
  return 0;
}
