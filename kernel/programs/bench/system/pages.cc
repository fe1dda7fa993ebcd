// A load in each of PAGES small pages, page after page, repeatedly: a walk that evicts the entries of a smaller TLB.
// With -DFLUSHED the TLB is invalidated before each round.
#include "loads.h"

constexpr u32 LOADS = 1 << 16, ROUNDS = LOADS / PAGES, PAGE = 4096, LINE = 64, FROM = 0x01000000;
extern "C" constexpr u32 bench_operations = LOADS;

void prepare(Tables &tables) {
  for (u32 i = 0; i < PAGES; i++)
    tables.small(WINDOW + i * PAGE, FROM + i * PAGE, USER_WRITE * 0x55, 0);
  for (u32 i = FROM >> 20; i <= (FROM + PAGES * PAGE) >> 20; i++)
    tables.section(i << 20, i << 20, USER_WRITE, 0);
  Tables::flush();
  for (u32 i = 0; i < PAGES; i++)
    reg(FROM + i * PAGE + i * LINE % PAGE) = 1;
}

u32 unit() {
  u32 sum = 0;
  for (u32 round = 0; round < ROUNDS; round++) {
#ifdef FLUSHED
    Tables::flush();
#endif
    for (u32 i = 0; i < PAGES; i += PAGE / LINE)
      sum += loads_apart(WINDOW + i * PAGE, PAGE / LINE, PAGE + LINE);
  }
  return sum;
}
