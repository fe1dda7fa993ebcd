// Loads (or, with -DSTORES, stores) of words in 16 KiB, repeatedly.
#include "system.h"

constexpr u32 WORDS = 4096, PASSES = 50;
extern "C" constexpr u32 bench_operations = WORDS * PASSES;

asm(R"(
        .text
        .arm
        .global loads, stores
        .type   loads, %function
        .type   stores, %function
loads:                                  @ r0 = address, r1 = words, a multiple of 4; returns their sum
        push    {r4-r6, lr}
        mov     r2, #0
1:      ldr     r3, [r0]
        ldr     r4, [r0, #4]
        ldr     r5, [r0, #8]
        ldr     r6, [r0, #12]
        add     r0, r0, #16
        add     r2, r2, r3
        add     r2, r2, r4
        add     r2, r2, r5
        add     r2, r2, r6
        subs    r1, r1, #4
        bne     1b
        mov     r0, r2
        pop     {r4-r6, pc}
stores:                                 @ r0 = address, r1 = words, a multiple of 4; r2 = what is stored
1:      str     r2, [r0]
        str     r2, [r0, #4]
        str     r2, [r0, #8]
        str     r2, [r0, #12]
        add     r0, r0, #16
        subs    r1, r1, #4
        bne     1b
        bx      lr
)");
extern "C" u32 loads(u32 address, u32 words);
extern "C" void stores(u32 address, u32 words, u32 value);

void prepare(Tables &) {
  for (u32 i = 0; i < WORDS; i++)
    reg(MEMORY + i * 4) = 1;
}

#ifdef STORES
u32 unit() {
  static u32 round;
  for (u32 pass = 0; pass < PASSES; pass++)
    stores(MEMORY, WORDS, ++round);
  u32 sum = 0;
  for (u32 i = 0; i < WORDS; i += 16)
    sum += reg(MEMORY + i * 4) == round ? 16 * PASSES : 0;
  return sum;
}
#else
u32 unit() {
  u32 sum = 0;
  for (u32 pass = 0; pass < PASSES; pass++)
    sum += loads(MEMORY, WORDS);
  return sum;
}
#endif
