// Invalidation of the whole TLB, then loads from eight pages that fill it again.
#include "system.h"

extern "C" constexpr u32 bench_operations = 1000;

asm(R"(
        .text
        .arm
        .global tlb_flushes
        .type   tlb_flushes, %function
tlb_flushes:                            @ r0 = how many, r1 = eight pages whose words hold 1; returns the sum of the loads
        push    {r4-r6, lr}
        mov     r2, #0
1:      mcr     p15, 0, r2, c8, c7, 0
        mov     r4, r1
        mov     r5, #8
2:      ldr     r6, [r4]
        add     r4, r4, #4096
        add     r2, r2, r6
        subs    r5, r5, #1
        bne     2b
        subs    r0, r0, #1
        bne     1b
        mov     r0, r2
        pop     {r4-r6, pc}
)");
extern "C" u32 tlb_flushes(u32 count, u32 pages);

void prepare(Tables &tables) {
  for (u32 i = 0; i < 8; i++) {
    reg(MEMORY + i * 4096) = 1;
    tables.small(WINDOW + i * 4096, MEMORY + i * 4096, 0xff, 0);
  }
  Tables::flush();
}
u32 unit() { return tlb_flushes(bench_operations, WINDOW) / 8; }
