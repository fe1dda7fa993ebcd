// Branches through 32 places in an order that is neither up nor down, all in one granule or each in a page of its own
// (-DAPART=1), direct or by a table of addresses (-DINDIRECT=1).
#include "system.h"

#ifndef APART
#define APART 0
#endif
#ifndef INDIRECT
#define INDIRECT 0
#endif
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

constexpr u32 PLACES = 32, ROUNDS = APART && !INDIRECT ? 1000 : 4000;
extern "C" constexpr u32 bench_operations = PLACES * ROUNDS;

// From place i the way leads to 5i + 1 modulo 32, which comes by all; place 19 would lead back to place 0.
asm(".set APART, " TEXT(APART) "\n.set INDIRECT, " TEXT(INDIRECT) "\n" R"(
        .text
        .arm
        .balign 4096
        .global branches
        .type   branches, %function
branches:                               @ r0 = rounds; returns how many places were visited
        mov     r2, r0
        mov     r0, #0
        adr     r3, targets
1:      subs    r2, r2, #1
        bxlo    lr
        mov     r1, r3
        b       places
targets:
        .set    at, 0
        .rept   31
        .set    at, (at * 5 + 1) & 31
        .word   places + at * (8 + APART * 4120)
        .endr
        .word   1b

        .balign 1024
places:
        .set    at, 0
        .rept   32
        add     r0, r0, #1
        .if INDIRECT
        ldr     pc, [r1], #4
        .elseif at == 19
        b       1b
        .else
        b       places + ((at * 5 + 1) & 31) * (8 + APART * 4120)
        .endif
        .space  APART * 4120
        .set    at, at + 1
        .endr
)");
extern "C" u32 branches(u32 rounds);

void prepare(Tables &) {}
u32 unit() { return branches(ROUNDS); }
