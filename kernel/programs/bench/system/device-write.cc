// Writes of a device register: the baud rate divisor of UART1.
#include "system.h"

extern "C" constexpr u32 bench_operations = 40000;

asm(R"(
        .text
        .arm
        .global device_writes
        .type   device_writes, %function
device_writes:                          @ r0 = how many, a multiple of 4; r1 = register; the last value written is r0
        mov     r2, #0
1:      add     r2, r2, #1
        str     r2, [r1]
        add     r2, r2, #1
        str     r2, [r1]
        add     r2, r2, #1
        str     r2, [r1]
        add     r2, r2, #1
        str     r2, [r1]
        cmp     r2, r0
        bne     1b
        bx      lr
)");
extern "C" void device_writes(u32 count, u32 address);

constexpr u32 DIVISOR = 0x101f2024;

void prepare(Tables &) {}
u32 unit() {
  device_writes(bench_operations, DIVISOR);
  return reg(DIVISOR);
}
