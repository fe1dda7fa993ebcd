// A reset of the board: the image is loaded again, devices restart, the rest of RAM is unchanged. ARM DUI 0224,
// SYS_RESETCTL.
#include "faults.h"

constexpr u32 SYSTEM = 0x10000000, KEPT = 0x700000;
static u32 data = 5;
static u32 zero;

int main() {
  install_vectors(0);
  u32 starts = reg(KEPT) + 1;
  reg(KEPT) = starts;
  say("start", starts);
  say("data", data);
  say("zero", zero);
  say("LEDs", reg(SYSTEM + 8));
  say("lock", reg(SYSTEM + 0x20) & 0xffff);
  data = 6;
  zero = 7;
  reg(SYSTEM + 8) = 0x55;
  if (starts == 3) return 0;
  reg(SYSTEM + 0x40) = 0x100;
  check("locked, nothing happens", true);
  reg(SYSTEM + 0x20) = 0xa05f;
  reg(SYSTEM + 0x40) = 0x100;
  for (;;) {
  }
}
