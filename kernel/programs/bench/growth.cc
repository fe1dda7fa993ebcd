// Large code: writes functions of random instructions into memory, of a given size in total, and calls them one after
// the other. A unit of work has the same number of calls whatever the size.
#include "cp15.h"

extern "C" volatile u32 bench_repetitions;
volatile u32 bench_repetitions = 5;

// Bytes of code; the host may change the word in the image.
extern "C" volatile u32 bench_code;
volatile u32 bench_code = 64 << 10;

// Bytes of an instruction: 4 of ARM code, 2 of Thumb code; the host may change the word in the image.
extern "C" volatile u32 bench_instruction;
volatile u32 bench_instruction = 4;

constexpr u32 CALLS = 16384, FUNCTION = 64;

// Instructions in a unit of work, counting those that are branched over.
extern "C" const u32 bench_operations;
[[gnu::used, gnu::retain]] const u32 bench_operations = CALLS * FUNCTION;

namespace {

constexpr u32 FUNCTIONS = 0x01000000;  // address of the functions
constexpr u32 DATA_WORDS = 64;         // words that they load and store
u32 data[DATA_WORDS];
u32 table[CALLS];
u32 state = 1;

u32 pick(u32 limit) {
  state = state * 1664525 + 1013904223;
  return (state >> 16) * limit >> 16;
}
u32 pick_register() {
  u32 r = pick(9);
  return r == 0 ? 0 : r + 1;  // r1 belongs to the caller
}

constexpr u32 ALWAYS = 0xeu << 28;
constexpr u32 operations[] = {0, 1, 2, 3, 4, 5, 12, 14};  // and, eor, sub, rsb, add, adc, orr, bic

u32 arithmetic() {
  u32 instruction = operations[pick(8)] << 21 | pick_register() << 16 | pick_register() << 12;
  if (pick(2) == 0)
    return instruction | 1 << 25 | pick(16) << 8 | pick(256);
  return instruction | (1 + pick(31)) << 7 | pick(4) << 5 | pick_register();
}

// Writes a function of a given number of words, the return included.
void write_function(u32 *to) {
  u32 n = 0;
  while (n < FUNCTION - 5) {
    u32 a = pick_register(), b = pick_register();
    switch (pick(7)) {
    case 0:  // ldr
      to[n++] = ALWAYS | 0x059c0000 | a << 12 | pick(DATA_WORDS) * 4;
      break;
    case 1:  // str
      to[n++] = ALWAYS | 0x058c0000 | a << 12 | pick(DATA_WORDS) * 4;
      break;
    case 2:  // mul, whose result and first factor differ
      to[n++] = ALWAYS | 0x90 | a << 16 | pick_register() << 8 | (a == b ? (b == 0 ? 2 : 0) : b);
      break;
    case 3:  // cmp, and something on a condition
      to[n++] = ALWAYS | 0x01500000 | a << 16 | b;
      to[n++] = pick(14) << 28 | arithmetic();
      break;
    case 4:  // cmp, and a branch over two
      to[n++] = ALWAYS | 0x01500000 | a << 16 | b;
      to[n++] = pick(14) << 28 | 0x0a000001;
      to[n++] = ALWAYS | arithmetic();
      to[n++] = ALWAYS | arithmetic();
      break;
    default:
      to[n++] = ALWAYS | arithmetic();
      break;
    }
  }
  while (n < FUNCTION - 1)
    to[n++] = ALWAYS | arithmetic();
  to[n] = 0xe12fff1e;  // bx lr
}

u16 pick_low_register() {
  u32 r = pick(6);
  return r == 0 ? 0 : r + 1;  // r7 points to the data
}

constexpr u16 low_operations[] = {0, 1, 5, 6, 9, 12, 14, 15};  // and, eor, adc, sbc, neg, orr, bic, mvn

u16 thumb_arithmetic() {
  u16 from = pick_low_register() << 3, to = pick_low_register();
  switch (pick(4)) {
  case 0:  // lsl, lsr, asr
    return pick(3) << 11 | (1 + pick(31)) << 6 | from | to;
  case 1:  // add, sub
    return 0x1800 | pick(2) << 9 | pick_low_register() << 6 | from | to;
  case 2:
    return 0x3000 | pick(2) << 11 | to << 8 | pick(256);
  default:
    return 0x4000 | low_operations[pick(8)] << 6 | from | to;
  }
}

// The same number of instructions in Thumb.
void write_function(u16 *to) {
  u32 n = 0;
  to[n++] = 0x4667;  // mov r7, r12
  while (n < FUNCTION - 5) {
    u16 a = pick_low_register(), b = pick_low_register() << 3;
    switch (pick(6)) {
    case 0:  // ldr
      to[n++] = 0x6838 | pick(32) << 6 | a;
      break;
    case 1:  // str
      to[n++] = 0x6038 | pick(32) << 6 | a;
      break;
    case 2:  // mul
      to[n++] = 0x4340 | b | a;
      break;
    case 3:  // cmp, and a branch over two
      to[n++] = 0x4280 | b | a;
      to[n++] = 0xd001 | pick(14) << 8;
      to[n++] = thumb_arithmetic();
      to[n++] = thumb_arithmetic();
      break;
    default:
      to[n++] = thumb_arithmetic();
      break;
    }
  }
  while (n < FUNCTION - 1)
    to[n++] = thumb_arithmetic();
  to[n] = 0x4770;  // bx lr
}

template <class Instruction> u32 write_functions(u32 thumb_bit) {
  u32 functions = bench_code / (FUNCTION * sizeof(Instruction));
  if (functions == 0 || functions > CALLS)
    return 0;
  for (u32 i = 0; i < functions; i++)
    write_function(reinterpret_cast<Instruction *>(FUNCTIONS) + i * FUNCTION);
  sync_code();
  for (u32 i = 0; i < CALLS; i++)
    table[i] = (FUNCTIONS + i % functions * FUNCTION * sizeof(Instruction)) | thumb_bit;
  return functions;
}

} // namespace

asm(R"(
        .text
        .arm
        .global call_all
        .type   call_all, %function
call_all:                               @ r0 = functions, r1 = their end, r2 = data; returns a mixture of the registers
        push    {r4-r11, lr}
        mov     r10, r0
        mov     r11, r1
        mov     r12, r2
        mov     r0, #1
        mov     r2, #2
        mov     r3, #3
        mov     r4, #4
        mov     r5, #5
        mov     r6, #6
        mov     r7, #7
        mov     r8, #8
        mov     r9, #9
1:      ldr     r1, [r10], #4
        blx     r1
        cmp     r10, r11
        bne     1b
        eor     r0, r0, r2
        eor     r0, r0, r3, ror #1
        eor     r0, r0, r4, ror #2
        eor     r0, r0, r5, ror #3
        eor     r0, r0, r6, ror #4
        eor     r0, r0, r7, ror #5
        eor     r0, r0, r8, ror #6
        eor     r0, r0, r9, ror #7
        pop     {r4-r11, pc}
)");
extern "C" u32 call_all(u32 *from, u32 *to, u32 *words);

int main() {
  if ((bench_instruction == 2 ? write_functions<u16>(1) : write_functions<u32>(0)) == 0)
    return 2;
  u32 first = 0;
  for (u32 i = 0; i < bench_repetitions; i++) {
    for (u32 k = 0; k < DATA_WORDS; k++)
      data[k] = k * 0x01010101;
    u32 sum = call_all(table, table + CALLS, data);
    if (i == 0)
      first = sum;
    put_hex(sum);
    put('\n');
    if (sum != first)
      return 1;
  }
  return 0;
}
