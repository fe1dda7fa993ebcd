// A change of translation tables as in a process switch: TTBR is written, the TLB invalidated, and memory accessed.
#include "system.h"

extern "C" constexpr u32 bench_operations = 2000;
constexpr u32 OTHER = 0x00110000;

asm(R"(
        .text
        .arm
        .global table_changes
        .type   table_changes, %function
table_changes:                          @ r0 = how many, even; r1 = address, r2, r3 = tables; returns a sum of the loads
        push    {r4-r6, lr}
        mov     r4, #0
1:      mcr     p15, 0, r2, c2, c0, 0
        mcr     p15, 0, r4, c8, c7, 0
        ldr     r6, [r1]
        add     r4, r4, r6
        mcr     p15, 0, r3, c2, c0, 0
        mcr     p15, 0, r4, c8, c7, 0
        ldr     r6, [r1]
        add     r4, r4, r6, lsl #1
        subs    r0, r0, #2
        bne     1b
        mcr     p15, 0, r2, c2, c0, 0
        mcr     p15, 0, r4, c8, c7, 0
        mov     r0, r4
        pop     {r4-r6, pc}
)");
extern "C" u32 table_changes(u32 count, u32 address, u32 table, u32 other);

// One table maps a 2, the other a 0: the sum equals the number of operations only if each load uses the right table.
void prepare(Tables &tables) {
  reg(MEMORY) = 2;
  reg(MEMORY + (1 << 20)) = 0;
  tables.section(WINDOW, MEMORY, USER_WRITE, 0);
  for (u32 i = 0; i < 0x4000; i += 4)
    reg(OTHER + i) = reg(Tables::FIRST + i);
  reg(OTHER + (WINDOW >> 20 << 2)) += 1 << 20;
  Tables::flush();
}
u32 unit() { return table_changes(bench_operations, WINDOW, Tables::FIRST, OTHER); }
