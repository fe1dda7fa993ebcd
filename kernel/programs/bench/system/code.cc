// Code that is written and then executed once: a function of -DINSTRUCTIONS=n and its return, with other instructions
// each time.
#include "system.h"

extern "C" constexpr u32 bench_operations = INSTRUCTIONS > 100 ? 40 : 1000;

void prepare(Tables &) {}

u32 unit() {
  auto *code = reinterpret_cast<volatile u32 *>(MEMORY);
  u32 done = 0;
  for (u32 i = 0; i < bench_operations; i++) {
    u32 wanted = 0;
    for (u32 k = 0; k < INSTRUCTIONS; k++) {
      u32 addend = (i + k) & 255;
      code[k] = 0xe2800000 | addend;  // add r0, r0, #addend
      wanted += addend;
    }
    code[INSTRUCTIONS] = 0xe12fff1e;  // bx lr
    sync_code();
    done += reinterpret_cast<u32 (*)(u32)>(MEMORY)(0) == wanted;
  }
  return done;
}
