#include "faults.h"

extern "C" const u32 vectors[16];
extern "C" void set_mode_stacks();

void install_vectors(u32 address) {
  volatile u32 *to = reinterpret_cast<volatile u32 *>(address);
  for (u32 i = 0; i < 16; i++) to[i] = vectors[i];
  sync_code();
  set_mode_stacks();
}

void interrupts(bool irq, bool fiq) {
  u32 psr;
  asm volatile("mrs %0, cpsr" : "=r"(psr));
  psr = (psr & ~0xc0u) | (irq ? 0 : 0x80) | (fiq ? 0 : 0x40);
  asm volatile("msr cpsr_c, %0" ::"r"(psr) : "memory");
}

static const char *const names[] = {"no exception",  "undefined", "software interrupt", "prefetch abort",
                                    "data abort", "reserved",  "IRQ",                "FIQ"};

void report(const char *what, u32 vector, Code *f) {
  put(what);
  put(": ");
  put(names[vector]);
  if (vector != NONE) {
    u32 start = reinterpret_cast<u32>(f) & ~1u;
    if (last.lr - start < 0x10000) {
      put(" lr=f+");
      put_dec(last.lr - start);
    } else if (last.lr == reinterpret_cast<u32>(user_return) + 4) {
      put(" at the return");
    } else {
      put(" lr=");
      put_hex(last.lr);
    }
    put(" psr=");
    put_hex(last.spsr & 0xff);
    put("->");
    put_hex(last.cpsr & 0xff);
    if (vector == DATA_ABORT) {
      put(" fsr=");
      put_hex(last.data_status);
      put(" far=");
      put_hex(last.address);
    }
    if (vector == PREFETCH_ABORT) {
      put(" ifsr=");
      put_hex(last.instruction_status);
    }
  }
  put('\n');
}

void say(const char *what, u32 value) {
  put(what);
  put(": ");
  put_hex(value);
  put('\n');
}

void check(const char *what, bool good) {
  put(what);
  put(good ? ": yes\n" : ": NO\n");
}
