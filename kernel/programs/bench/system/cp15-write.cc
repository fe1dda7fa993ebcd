// Writes of a register of the system control coprocessor that changes no translation: the fault address.
#include "system.h"

extern "C" constexpr u32 bench_operations = 100000;

asm(R"(
        .text
        .arm
        .global cp15_writes
        .type   cp15_writes, %function
cp15_writes:                            @ r0 = how many, a multiple of 4, the last value written; returns what it gives
        mov     r2, #0
1:      add     r2, r2, #1
        mcr     p15, 0, r2, c6, c0, 0
        add     r2, r2, #1
        mcr     p15, 0, r2, c6, c0, 0
        add     r2, r2, #1
        mcr     p15, 0, r2, c6, c0, 0
        add     r2, r2, #1
        mcr     p15, 0, r2, c6, c0, 0
        cmp     r2, r0
        bne     1b
        mrc     p15, 0, r0, c6, c0, 0
        bx      lr
)");
extern "C" u32 cp15_writes(u32 count);

void prepare(Tables &) {}
u32 unit() { return cp15_writes(bench_operations); }
