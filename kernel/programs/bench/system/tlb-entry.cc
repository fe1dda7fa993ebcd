// A page is remapped: its descriptor is changed, its TLB entry is invalidated, and a load fills it again.
#include "system.h"

extern "C" constexpr u32 bench_operations = 10000;

asm(R"(
        .text
        .arm
        .global tlb_entries
        .type   tlb_entries, %function
tlb_entries:                            @ r0 = how many, even; r1 = page, r2 = its descriptor, r3 = two values of that
        push    {r4-r7, lr}
        ldm     r3, {r4, r5}
        mov     r6, #0
1:      str     r4, [r2]
        mcr     p15, 0, r1, c8, c6, 1
        ldr     r7, [r1]
        add     r6, r6, r7
        str     r5, [r2]
        mcr     p15, 0, r1, c8, c6, 1
        ldr     r7, [r1]
        add     r6, r6, r7, lsl #1
        subs    r0, r0, #2
        bne     1b
        mov     r0, r6
        pop     {r4-r7, pc}
)");
extern "C" u32 tlb_entries(u32 count, u32 page, u32 descriptor, const u32 *values);

static u32 descriptor;

// The pages hold 2 and 0: the sum equals the number of operations only if each load reads the right page.
void prepare(Tables &tables) {
  reg(MEMORY) = 2;
  reg(MEMORY + 4096) = 0;
  tables.small(WINDOW, MEMORY, 0xff, 0);
  Tables::flush();
  descriptor = tables.coarse(WINDOW, 0) + (WINDOW >> 12 & 0xff) * 4;
}
u32 unit() {
  const u32 values[] = {MEMORY | 0xff2, (MEMORY + 4096) | 0xff2};
  return tlb_entries(bench_operations, WINDOW, descriptor, values);
}
