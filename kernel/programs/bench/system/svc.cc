// A system call and its return: from user mode to a handler that examines the number, and back.
#include "system.h"

extern "C" constexpr u32 bench_operations = 10000;

asm(R"(
        .text
        .arm
        .global system_calls, on_call
        .type   system_calls, %function
system_calls:                           @ r0 = how many; returns how many the handler has seen
        push    {r4-r11, lr}
        mov     r5, r0
        mov     r4, #0                  @ the handler's count
        mov     r7, #0                  @ number of the call
        msr     cpsr_c, #0xd0           @ user mode
1:      svc     #0
        subs    r5, r5, #1
        bne     1b
        mov     r7, #1
        svc     #0                      @ comes back in supervisor mode
        mov     r0, r4
        pop     {r4-r11, pc}

on_call:
        cmp     r7, #0
        addeq   r4, r4, #1
        movseq  pc, lr
        mov     pc, lr
)");
extern "C" u32 system_calls(u32 count);
extern "C" Handler on_call;

void prepare(Tables &) { on(SOFTWARE_INTERRUPT, on_call); }
u32 unit() { return system_calls(bench_operations); }
