// An undefined instruction, taken and skipped.
#include "system.h"

extern "C" constexpr u32 bench_operations = 10000;

asm(R"(
        .text
        .arm
        .global undefined_instructions, on_undefined
        .type   undefined_instructions, %function
undefined_instructions:                 @ r0 = how many; returns how many the handler has seen
        push    {r4, lr}
        mov     r4, #0
1:      .word   0xe7f000f0
        subs    r0, r0, #1
        bne     1b
        mov     r0, r4
        pop     {r4, pc}

on_undefined:
        add     r4, r4, #1
        movs    pc, lr
)");
extern "C" u32 undefined_instructions(u32 count);
extern "C" Handler on_undefined;

void prepare(Tables &) { on(UNDEFINED, on_undefined); }
u32 unit() { return undefined_instructions(bench_operations); }
