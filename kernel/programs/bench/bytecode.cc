// An interpreter of byte codes with an indirect jump for each: runs a loop that computes a checksum of primes.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x03a94e70;

namespace {
enum Op : u8 { PUSH, ADD, SUB, MUL, LOAD, STORE, LESS, JUMP, BRANCH, XOR, MOD, DUP, HALT };

constexpr u8 program[] = {
    PUSH, 0,  STORE, 0,               // sum = 0
    PUSH, 1,  STORE, 1,               // i = 1
    LOAD, 1,  LOAD,  1, MUL,          // loop: i * i
    LOAD, 0,  XOR,   PUSH, 7, ADD,    //   ^ sum + 7
    DUP,  PUSH, 5, MOD, ADD,          //   + itself & 5
    STORE, 0,                         // sum =
    LOAD, 1,  PUSH, 1, ADD, STORE, 1, // i = i + 1
    LOAD, 1,  LOAD, 2, LESS,          // i < n
    BRANCH, 8,                        // again
    HALT,
};

[[gnu::noinline]] u32 run(u32 n) {
  static const void *const labels[] = {&&push, &&add, &&sub, &&mul,    &&load, &&store, &&less,
                                       &&jump, &&branch, &&exclusive, &&mod, &&dup,  &&halt};
  u32 stack[16], variables[4] = {0, 0, n, 0};
  u32 *top = stack;
  const u8 *at = program;
#define NEXT goto *labels[*at++]
  NEXT;
push:
  *top++ = *at++;
  NEXT;
add:
  top--;
  top[-1] += top[0];
  NEXT;
sub:
  top--;
  top[-1] -= top[0];
  NEXT;
mul:
  top--;
  top[-1] *= top[0];
  NEXT;
load:
  *top++ = variables[*at++];
  NEXT;
store:
  variables[*at++] = *--top;
  NEXT;
less:
  top--;
  top[-1] = top[-1] < top[0];
  NEXT;
jump:
  at = program + *at;
  NEXT;
branch:
  at = *--top ? program + *at : at + 1;
  NEXT;
exclusive:
  top--;
  top[-1] ^= top[0];
  NEXT;
mod:
  top--;
  top[-1] &= top[0];
  NEXT;
dup:
  top[0] = top[-1];
  top++;
  NEXT;
halt:
  return variables[0];
#undef NEXT
}
} // namespace

u32 unit() { return run(12000); }
