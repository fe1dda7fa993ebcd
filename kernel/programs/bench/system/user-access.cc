// Accesses with user rights from a privileged mode: an LDRT and an STRT.
#include "system.h"

extern "C" constexpr u32 bench_operations = 500000;

asm(R"(
        .text
        .arm
        .global user_accesses
        .type   user_accesses, %function
user_accesses:                          @ r0 = how many, r1 = a word; returns what it has grown by
        ldr     r3, [r1]
1:      ldrt    r2, [r1]
        add     r2, r2, #1
        strt    r2, [r1]
        subs    r0, r0, #1
        bne     1b
        ldr     r0, [r1]
        sub     r0, r0, r3
        bx      lr
)");
extern "C" u32 user_accesses(u32 count, u32 address);

void prepare(Tables &tables) {
  tables.section(WINDOW, MEMORY, USER_WRITE, 0);
  Tables::flush();
}
u32 unit() { return user_accesses(bench_operations, WINDOW); }
