// The first load (or, with -DSTORES, store) in each of 4096 pages after the TLB has been invalidated.
#include "loads.h"

constexpr u32 PAGES = 4096, STRIDE = 4096 + 64, FROM = 0x01000000;
extern "C" constexpr u32 bench_operations = PAGES;

asm(R"(
        .text
        .arm
        .global stores_apart
        .type   stores_apart, %function
stores_apart:                           @ r0 = address, r1 = how many, r2 = stride; r3 = what is stored
1:      str     r3, [r0], r2
        subs    r1, r1, #1
        bne     1b
        bx      lr
)");
extern "C" void stores_apart(u32 address, u32 count, u32 stride, u32 value);

void prepare(Tables &tables) {
  for (u32 i = 0; i < 32; i++)
    tables.section(FROM + (i << 20), FROM + (i << 20), USER_WRITE, 0);
  Tables::flush();
  for (u32 i = 0; i < PAGES; i++)
    reg(FROM + i * STRIDE) = 1;
}

#ifdef STORES
u32 unit() {
  static u32 round;
  Tables::flush();
  stores_apart(FROM, PAGES, STRIDE, ++round);
  u32 sum = 0;
  for (u32 i = 0; i < PAGES; i += 64)
    sum += reg(FROM + i * STRIDE) == round ? 64 : 0;
  return sum;
}
#else
u32 unit() {
  Tables::flush();
  return loads_apart(FROM, PAGES, STRIDE);
}
#endif
