// A load from an unmapped address: the abort is taken, its address examined, and the load skipped.
#include "system.h"

extern "C" constexpr u32 bench_operations = 10000;

asm(R"(
        .text
        .arm
        .global data_aborts, on_data_abort
        .type   data_aborts, %function
data_aborts:                            @ r0 = how many, r1 = where; returns how many the handler has seen
        push    {r4, lr}
        mov     r4, #0
1:      ldr     r2, [r1]
        subs    r0, r0, #1
        bne     1b
        mov     r0, r4
        pop     {r4, pc}

on_data_abort:
        mrc     p15, 0, r3, c6, c0, 0
        cmp     r3, r1
        addeq   r4, r4, #1
        subs    pc, lr, #4
)");
extern "C" u32 data_aborts(u32 count, u32 address);
extern "C" Handler on_data_abort;

void prepare(Tables &) { on(DATA_ABORT, on_data_abort); }
u32 unit() { return data_aborts(bench_operations, WINDOW); }
