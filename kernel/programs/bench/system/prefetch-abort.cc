// A jump to an unmapped address: the abort is taken, its address examined, and the program continues after the jump.
#include "system.h"

extern "C" constexpr u32 bench_operations = 10000;

asm(R"(
        .text
        .arm
        .global prefetch_aborts, on_prefetch_abort
        .type   prefetch_aborts, %function
prefetch_aborts:                        @ r0 = how many, r1 = where; returns how many the handler has seen
        push    {r4, r5, lr}
        mov     r4, #0
        adr     r5, 2f
1:      mov     pc, r1
2:      subs    r0, r0, #1
        bne     1b
        mov     r0, r4
        pop     {r4, r5, pc}

on_prefetch_abort:
        sub     lr, lr, #4
        cmp     lr, r1
        addeq   r4, r4, #1
        movs    pc, r5
)");
extern "C" u32 prefetch_aborts(u32 count, u32 address);
extern "C" Handler on_prefetch_abort;

void prepare(Tables &) { on(PREFETCH_ABORT, on_prefetch_abort); }
u32 unit() { return prefetch_aborts(bench_operations, WINDOW); }
