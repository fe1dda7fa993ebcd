// A timer interrupt: an SP804 set to one microsecond, once, waited for in a loop, taken and cleared.
#include "system.h"

extern "C" constexpr u32 bench_operations = 200;
constexpr u32 VIC = 0x10140000, ENABLE = 16, TIMER = 0x101e2000, LINE = 1 << 4;

asm(R"(
        .text
        .arm
        .global timer_interrupts, on_timer
        .type   timer_interrupts, %function
timer_interrupts:                       @ r0 = how many, r1 = timer; returns how many the handler has seen
        push    {r4-r7, lr}
        mov     r4, #0
        mov     r5, #0
        mov     r6, #1                  @ microsecond
        mov     r7, #0xa3               @ runs, interrupts, 32 bits, once
        msr     cpsr_c, #0x53
1:      add     r5, r5, #1
        str     r6, [r1]
        str     r7, [r1, #8]
2:      cmp     r4, r5
        bne     2b
        subs    r0, r0, #1
        bne     1b
        msr     cpsr_c, #0xd3
        mov     r0, r4
        pop     {r4-r7, pc}

on_timer:
        str     r6, [r1, #12]           @ clear
        add     r4, r4, #1
        subs    pc, lr, #4
)");
extern "C" u32 timer_interrupts(u32 count, u32 timer);
extern "C" Handler on_timer;

void prepare(Tables &) {
  on(IRQ, on_timer);
  reg(VIC + ENABLE) = LINE;
}
u32 unit() { return timer_interrupts(bench_operations, TIMER); }
