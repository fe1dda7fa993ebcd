// Branches between 32 places, all in one granule or each in a page of its own (-DAPART=1): direct, in an irregular
// order; indirect, each place always to the same target (-DINDIRECT=1); indirect, each place to a random target
// (-DINDIRECT=2).
#include "system.h"

#ifndef APART
#define APART 0
#endif
#ifndef INDIRECT
#define INDIRECT 0
#endif
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

constexpr u32 PLACES = 32, STRIDE = 8 + APART * 4120;
constexpr u32 HOPS = INDIRECT == 2 ? 4096 : PLACES;  // branches per round
constexpr u32 ROUNDS = (APART && !INDIRECT ? 1000 : 4000) * PLACES / HOPS;
extern "C" constexpr u32 bench_operations = HOPS * ROUNDS;

// Place i branches to 5i + 1 modulo 32, a cycle through all places that ends at place 19. The work at each place cannot
// be merged with that of others.
asm(".set APART, " TEXT(APART) "\n.set INDIRECT, " TEXT(INDIRECT) "\n" R"(
        .text
        .arm
        .balign 4096
        .global branches, places, round
        .type   branches, %function
        .type   places, %function
        .type   round, %function
branches:                               @ r0 = rounds, r1 = addresses; returns a sum over the places visited
        mov     r2, r0
        mov     r0, #0
        mov     r3, r1
round:  subs    r2, r2, #1
        bxlo    lr
        mov     r1, r3
        .if INDIRECT == 2
        ldr     pc, [r1], #4
        .else
        b       places
        .endif

        .balign 1024
places:
        .set    at, 0
        .rept   32
        .if     at & 1
        add     r0, r0, r2
        .else
        eor     r0, r0, r2, lsl #4
        .endif
        .if INDIRECT
        ldr     pc, [r1], #4
        .elseif at == 19
        b       round
        .else
        b       places + ((at * 5 + 1) & 31) * (8 + APART * 4120)
        .endif
        .space  APART * 4120
        .set    at, at + 1
        .endr
)");
extern "C" u32 branches(u32 rounds, const u32 *addresses);
extern "C" void places(), round();

namespace {

u8 order[HOPS];  // the places of a round
u32 addresses[HOPS + 1];
u32 expected;

u32 address_of(void (*code)()) { return reinterpret_cast<u32>(code); }

u32 sum_of_all() {
  u32 sum = 0;
  for (u32 left = ROUNDS; left-- != 0;)
    for (u8 at : order) sum = (at & 1) != 0 ? sum + left : sum ^ left << 4;
  return sum;
}

}  // namespace

void prepare(Tables &) {
  u32 state = 1, at = 0;
  for (u32 i = 0; i < HOPS; i++) {
    if (INDIRECT == 2) {
      state = state * 1664525 + 1013904223;
      at = state >> 27;
    }
    order[i] = static_cast<u8>(at);
    addresses[i] = address_of(places) + at * STRIDE;
    at = (at * 5 + 1) % PLACES;
  }
  addresses[HOPS] = address_of(round);
  expected = sum_of_all();
}

u32 unit() {
  // A round starts at the first place, unless the order is random.
  const u32 *first = INDIRECT == 1 ? addresses + 1 : addresses;
  return branches(ROUNDS, first) == expected ? bench_operations : 0;
}
