// Reads of a device register: the flags of UART1.
#include "system.h"

extern "C" constexpr u32 bench_operations = 40000;

asm(R"(
        .text
        .arm
        .global device_reads
        .type   device_reads, %function
device_reads:                           @ r0 = how many, a multiple of 4; r1 = register; returns the sum of what was read
        push    {r4-r6, lr}
        mov     r2, #0
1:      ldr     r3, [r1]
        ldr     r4, [r1]
        ldr     r5, [r1]
        ldr     r6, [r1]
        add     r2, r2, r3
        add     r2, r2, r4
        add     r2, r2, r5
        add     r2, r2, r6
        subs    r0, r0, #4
        bne     1b
        mov     r0, r2
        pop     {r4-r6, pc}
)");
extern "C" u32 device_reads(u32 count, u32 address);

constexpr u32 FLAGS = 0x101f2018, EMPTY = 0x90;

void prepare(Tables &) {}
u32 unit() { return device_reads(bench_operations, FLAGS) / EMPTY; }
