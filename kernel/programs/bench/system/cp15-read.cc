// Reads of a register of the system control coprocessor: the control register.
#include "system.h"

extern "C" constexpr u32 bench_operations = 300000;

asm(R"(
        .text
        .arm
        .global cp15_reads
        .type   cp15_reads, %function
cp15_reads:                             @ r0 = how many, a multiple of 4; r1 = what they give; returns how many did
        push    {r4-r7, lr}
        mov     r2, #0
1:      mrc     p15, 0, r4, c1, c0, 0
        mrc     p15, 0, r5, c1, c0, 0
        mrc     p15, 0, r6, c1, c0, 0
        mrc     p15, 0, r7, c1, c0, 0
        cmp     r4, r1
        cmpeq   r5, r1
        cmpeq   r6, r1
        cmpeq   r7, r1
        addeq   r2, r2, #4
        subs    r0, r0, #4
        bne     1b
        mov     r0, r2
        pop     {r4-r7, pc}
)");
extern "C" u32 cp15_reads(u32 count, u32 value);

void prepare(Tables &) {}
u32 unit() { return cp15_reads(bench_operations, control()); }
