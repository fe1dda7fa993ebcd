// Accesses with user rights from a privileged mode: an LDRT and an STRT, of different words, so that no load waits for
// the preceding store.
#include "system.h"

constexpr u32 WORDS = 64, PASSES = 8000;
extern "C" constexpr u32 bench_operations = WORDS * PASSES;

asm(R"(
        .text
        .arm
        .global user_accesses
        .type   user_accesses, %function
user_accesses:                          @ r0 = how many times, r1 = words, r2 = their end; adds 1 to each
        push    {r4, lr}
        mov     r4, r1
1:      mov     r1, r4
2:      ldrt    r3, [r1]
        add     r3, r3, #1
        strt    r3, [r1], #4
        cmp     r1, r2
        bne     2b
        subs    r0, r0, #1
        bne     1b
        pop     {r4, pc}
)");
extern "C" void user_accesses(u32 times, u32 words, u32 end);

void prepare(Tables &tables) {
  tables.section(WINDOW, MEMORY, USER_WRITE, 0);
  Tables::flush();
}

static u32 sum() {
  u32 all = 0;
  for (u32 i = 0; i < WORDS; i++) all += reg(WINDOW + 4 * i);
  return all;
}

u32 unit() {
  u32 before = sum();
  user_accesses(PASSES, WINDOW, WINDOW + 4 * WORDS);
  return sum() - before;
}
