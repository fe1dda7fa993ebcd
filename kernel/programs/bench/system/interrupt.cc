// An interrupt: raised by a software interrupt of the PL190, taken, its source cleared, and the program continues.
#include "system.h"

extern "C" constexpr u32 bench_operations = 5000;
constexpr u32 VIC = 0x10140000, ENABLE = 16, LINE = 1;

asm(R"(
        .text
        .arm
        .global interrupts, on_interrupt
        .type   interrupts, %function
interrupts:                             @ r0 = how many, r1 = VIC, r2 = line; returns how many the handler has seen
        push    {r4, r5, lr}
        mov     r4, #0
        mov     r5, #0
        msr     cpsr_c, #0x53
1:      add     r5, r5, #1
        str     r2, [r1, #24]           @ raise
2:      cmp     r4, r5
        bne     2b
        subs    r0, r0, #1
        bne     1b
        msr     cpsr_c, #0xd3
        mov     r0, r4
        pop     {r4, r5, pc}

on_interrupt:
        str     r2, [r1, #28]           @ clear
        add     r4, r4, #1
        subs    pc, lr, #4
)");
extern "C" u32 interrupts(u32 count, u32 controller, u32 line);
extern "C" Handler on_interrupt;

void prepare(Tables &) {
  on(IRQ, on_interrupt);
  reg(VIC + ENABLE) = LINE;
}
u32 unit() { return interrupts(bench_operations, VIC, LINE); }
