// A change of the domain access control register, as CuiK does it twice for each protected call, and an access.
#include "system.h"

extern "C" constexpr u32 bench_operations = 2000;

asm(R"(
        .text
        .arm
        .global domain_changes
        .type   domain_changes, %function
domain_changes:                         @ r0 = how many, even; r1 = a word that holds 1; returns the sum of the loads
        push    {r4-r6, lr}
        mov     r2, #0
        mov     r4, #0x05               @ domain 1: client
        mov     r5, #0x0d               @ domain 1: manager
1:      mcr     p15, 0, r4, c3, c0, 0
        ldr     r6, [r1]
        add     r2, r2, r6
        mcr     p15, 0, r5, c3, c0, 0
        ldr     r6, [r1]
        add     r2, r2, r6
        subs    r0, r0, #2
        bne     1b
        mov     r0, r2
        pop     {r4-r6, pc}
)");
extern "C" u32 domain_changes(u32 count, u32 address);

void prepare(Tables &tables) {
  reg(MEMORY) = 1;
  tables.section(WINDOW, MEMORY, USER_WRITE, 1);
  Tables::flush();
}
u32 unit() { return domain_changes(bench_operations, WINDOW); }
