// Code that is written and then executed: directly after the architecture's sequence, in the running page, in small and
// large blocks, ARM and Thumb, through another address, repeatedly. ARM DDI 0198, 9.3.
#include "faults.h"
#include "tables.h"

static volatile u32 *const area = reinterpret_cast<volatile u32 *>(MEMORY);
static Tables tables;

static u32 call(u32 address, u32 argument) {
  sync_code();
  return reinterpret_cast<u32 (*)(u32)>(address)(argument);
}

asm(R"(
        .text
        .arm
        .global patch_ahead
        .type patch_ahead, %function
patch_ahead:                            @ r0 = an instruction to place a few instructions ahead, in this very page
        adr     r1, 1f
        str     r0, [r1]
        mov     r0, #0
        mcr     p15, 0, r0, c7, c10, 4
        mcr     p15, 0, r0, c7, c5, 0
        b       1f
1:      .word   0xe7f000f0
        bx      lr
)");
extern "C" u32 patch_ahead(u32 instruction);

int main() {
  install_vectors(0);
  tables.start();
  tables.section(WINDOW, MEMORY, USER_WRITE, 0);
  tables.flush();

  // add r0, r0, #i; bx lr
  u32 sum = 0;
  for (u32 i = 0; i < 2000; i++) {
    area[0] = 0xe2800000 | (i & 255);
    area[1] = 0xe12fff1e;
    sum = call(MEMORY, sum) * 3;
  }
  say("small block, rewritten", sum);

  sum = 0;
  for (u32 i = 0; i < 2000; i++) {
    area[0] = 0xe2800000 | (i & 255);
    area[1] = 0xe12fff1e;
    sum = call((i & 1) != 0 ? WINDOW : MEMORY, sum) * 3;
  }
  say("through another address", sum);

  sum = 0;
  for (u32 round = 0; round < 20; round++) {
    for (u32 i = 0; i < 3000; i++) area[i] = 0xe2800000 | ((i * 7 + round) & 255);
    area[3000] = 0xe12fff1e;
    for (u32 i = 0; i < 10; i++) sum = call(MEMORY, sum);
  }
  say("large block", sum);

  sum = 0;
  for (u32 i = 0; i < 1500; i++) {
    volatile u16 *thumb = reinterpret_cast<volatile u16 *>(MEMORY + 0x8000);
    thumb[0] = static_cast<u16>(0x3000 | (i & 255));  // adds r0, #i
    thumb[1] = 0x4770;
    sum = call(MEMORY + 0x8001, sum) * 5;
  }
  say("Thumb", sum);

  // The same bytes as ARM and as Thumb.
  area[0] = 0xe2800001;
  area[1] = 0xe12fff1e;
  sum = 0;
  for (u32 i = 0; i < 1000; i++) sum += call(MEMORY, i);
  volatile u16 *halves = reinterpret_cast<volatile u16 *>(MEMORY);
  halves[0] = 0x3002;
  halves[1] = 0x4770;
  for (u32 i = 0; i < 1000; i++) sum += call(MEMORY + 1, i);
  say("both states", sum);

  sum = 0;
  for (u32 i = 0; i < 3000; i++) sum = sum * 3 + patch_ahead(0xe3a00000 | (i & 255));  // mov r0, #i
  say("ahead in the same page", sum);

  // Data beside code in the page that runs: no copy of the code may go stale, nothing may get lost.
  area[0x400] = 0xe59f100c;  // ldr r1, [pc, #12]: word 0x405
  area[0x401] = 0xe2811001;  // add r1, r1, #1
  area[0x402] = 0xe58f1004;  // str r1, [pc, #4]: word 0x405
  area[0x403] = 0xe1a00001;  // mov r0, r1
  area[0x404] = 0xea000000;  // b over the word
  area[0x405] = 0;
  area[0x406] = 0xe12fff1e;
  for (u32 i = 0; i < 3000; i++) sum = call(MEMORY + 0x1000, 0);
  say("a counter beside its code", sum);

  // Another physical page under the same address.
  area[0x4000] = 0xe3a00001;
  area[0x4001] = 0xe12fff1e;
  reg(MEMORY + 0x100000) = 0xe3a00002;
  reg(MEMORY + 0x100004) = 0xe12fff1e;
  sum = 0;
  for (u32 i = 0; i < 1000; i++) {
    tables.section(0x41000000, (i & 1) != 0 ? MEMORY + 0x100000 : MEMORY, USER_WRITE, 0);
    tables.flush();
    sum = sum * 3 + call((i & 1) != 0 ? 0x41000000 : 0x41010000, 0);
  }
  say("mapped again", sum);
  put("done\n");
  return 0;
}
