// Loads from widely separated addresses.
#pragma once
#include "system.h"

asm(R"(
        .text
        .arm
        .global loads_apart
        .type   loads_apart, %function
loads_apart:                            @ r0 = address, r1 = how many, r2 = stride; returns the sum
        push    {r4, lr}
        mov     r3, #0
1:      ldr     r4, [r0], r2
        add     r3, r3, r4
        subs    r1, r1, #1
        bne     1b
        mov     r0, r3
        pop     {r4, pc}
)");
extern "C" u32 loads_apart(u32 address, u32 count, u32 stride);
