// Rights, mappings and modes that change in long loops: nothing derived from a page's rights, or from a mode, may
// survive the change. ARM DDI 0100, part B4; A2.2 for the modes.
#include "faults.h"
#include "tables.h"

namespace {
constexpr u32 ROUNDS = 1500;
constexpr u32 RETURN = 0xe12fff1e;  // BX LR
constexpr u32 ALL = 0xff, READ_ONLY = 0xaa, KERNEL_ONLY = 0x55;

Tables tables;

u32 read(u32 address, u32) { return reg(address); }
u32 write(u32 address, u32 value) {
  reg(address) = value;
  return 0;
}
u32 jump(u32 address, u32 value) { return reinterpret_cast<Code *>(address)(value, 0); }

// Counts the outcomes of attempts by kind, and hashes their order.
struct Tally {
  u32 good = 0, data = 0, prefetch = 0, other = 0, order = 0;
  void note(u32 vector) {
    (vector == NONE || vector == SOFTWARE_INTERRUPT ? good
     : vector == DATA_ABORT                         ? data
     : vector == PREFETCH_ABORT                     ? prefetch
                                                    : other)++;
    order = (order << 3 | order >> 29) + vector;
  }
  void print(const char *what) const {
    put(what);
    put(": good ");
    put_hex(good);
    put(" data ");
    put_hex(data);
    put(" prefetch ");
    put_hex(prefetch);
    put(" other ");
    put_hex(other);
    put(" order ");
    put_hex(order);
    put('\n');
  }
};

// One page with changing frames and rights; only its TLB entry is invalidated.
void pages() {
  u32 sum = 0;
  Tally tally;
  const u32 rights[] = {ALL, READ_ONLY, KERNEL_ONLY, ALL, 0x5b};
  for (u32 i = 0; i < ROUNDS; i++) {
    tables.small(WINDOW, MEMORY + i % 3 * 0x1000, rights[i % 5], 0);
    Tables::flush(WINDOW);
    u32 at = WINDOW + (i & 3) * 0x400;
    if (rights[i % 5] != 0x5b) reg(at) = reg(at) + i;
    if (i % 8 < 2) {
      tally.note(attempt_user(read, at, 0));
      tally.note(attempt_user(write, at, i));
    }
    sum = (sum << 1 | sum >> 31) + reg(at);
  }
  say("pages, sum", sum);
  tally.print("pages, by users");
}

// The same address in pages of two sizes.
void sizes() {
  u32 sum = 0;
  for (u32 i = 0; i < ROUNDS; i++) {
    u32 base = WINDOW + 0x10000;
    if (i & 1)
      tables.large(base, MEMORY + (i & 2 ? 0x10000 : 0x20000), ALL, 0);
    else
      for (u32 k = 0; k < 16; k++) tables.small(base + k * 0x1000, MEMORY + 0x30000 + (k ^ (i & 15)) * 0x1000, ALL, 0);
    for (u32 k = 0; k < 16; k++) Tables::flush(base + k * 0x1000);
    for (u32 k = 0; k < 16; k++) {
      volatile u32 &word = reg(base + k * 0x1000 + 0x20);
      word = word + i + k;
      sum = (sum << 1 | sum >> 31) + word;
    }
  }
  say("sizes, sum", sum);
}

// A domain with no access, client and manager access.
void domains() {
  Tally tally;
  tables.small(WINDOW + 0x100000, MEMORY + 0x40000, READ_ONLY, 3);
  Tables::flush();
  for (u32 i = 0; i < ROUNDS; i++) {
    const u32 access[] = {0, 1, 3};
    Tables::domains(1 | access[i % 3] << 6);
    u32 at = WINDOW + 0x100000;
    tally.note(i & 1 ? attempt(write, at, i) : attempt(read, at, 0));
    tally.note(i & 2 ? attempt_user(write, at, i) : attempt_user(read, at, 0));
  }
  Tables::domains(1);
  tally.print("domains");
  say("domains, word", reg(MEMORY + 0x40000));
}

// Code that user mode, only privileged modes, or no mode may execute; and a branch from user code into the kernel's.
void code() {
  Tally tally;
  u32 user = WINDOW + 0x2000, kernel = WINDOW + 0x3000;
  reg(MEMORY + 0x50000) = 0xe2800001;  // ADD R0, R0, #1
  reg(MEMORY + 0x50004) = 0xea0003fd;  // B kernel
  reg(MEMORY + 0x51000) = 0xe2800002;  // ADD R0, R0, #2
  reg(MEMORY + 0x51004) = RETURN;
  tables.small(user, MEMORY + 0x50000, READ_ONLY, 0);
  tables.small(kernel, MEMORY + 0x51000, KERNEL_ONLY, 0);
  Tables::flush();
  sync_code();
  u32 sum = 0;
  for (u32 i = 0; i < ROUNDS; i++) {
    tally.note(attempt(jump, user, i));
    sum += last.r0;
    tally.note(attempt_user(jump, user, i));
    sum = (sum << 1 | sum >> 31) + last.vector + last.lr;
  }
  tally.print("code of the kernel");
  for (u32 i = 0; i < ROUNDS; i++) {
    tables.small(kernel, MEMORY + 0x51000, i % 3 ? READ_ONLY : KERNEL_ONLY, 0);
    Tables::flush(kernel);
    tally.note(attempt_user(jump, user, i));
    sum = (sum << 1 | sum >> 31) + last.vector + last.r0;
  }
  tally.print("code that is granted and revoked");
  say("code, sum", sum);
}
} // namespace

// Cycles through the modes: each adds to its own stack pointer, and stores and loads the user's registers.
asm(R"(
        .text
        .arm
        .global round_modes
        .type   round_modes, %function
round_modes:                            @ r0 = rounds, r1 = 64 words
        push    {r4-r12, lr}
        mov     r12, r1
        mrs     r2, cpsr
        mov     r3, #0
1:      msr     cpsr_c, #0xd2           @ IRQ
        add     sp, sp, #1
        stmia   r12, {r0-r14}^
        msr     cpsr_c, #0xd1           @ FIQ
        add     sp, sp, #2
        mov     r8, sp
        mov     r9, r8, lsl #1
        mov     lr, r9
        stmia   r1, {r8-r14}^
        ldr     r4, [r1, #16]           @ the user's R12: the buffer
        add     r3, r3, r4
        add     r3, r3, r8
        str     r3, [r1, #64]
        ldr     r5, [r1]
        add     r5, r5, #3
        str     r5, [r1]
        ldmia   r1, {r8}^
        nop
        msr     cpsr_c, #0xd7           @ abort
        add     sp, sp, #4
        add     r3, r3, sp
        msr     cpsr_c, #0xdb           @ undefined
        add     sp, sp, #8
        add     r3, r3, sp
        msr     cpsr_c, #0xd3           @ supervisor
        add     r3, r3, r8
        adr     lr, 2f
        str     lr, [r1, #76]
        msr     spsr_cxsf, r2
        add     r6, r1, #68
        str     r0, [r1, #68]
        str     r3, [r1, #72]
        ldmia   r6, {r0, r3, pc}^       @ returns from no exception: to the mode that is there
2:      subs    r0, r0, #1
        bne     1b
        mov     r0, r3
        msr     cpsr_c, r2
        pop     {r4-r12, pc}
)");
extern "C" u32 round_modes(u32 rounds, u32 *words);
extern "C" void set_mode_stacks();

int main() {
  install_vectors(0);
  for (u32 i = 0; i < 0x60000; i += 4) reg(MEMORY + i) = i * 0x9e3779b1u;
  tables.start();
  pages();
  sizes();
  domains();
  code();
  static u32 words[64];
  set_mode_stacks();
  u32 first = round_modes(ROUNDS, words);
  say("modes", round_modes(ROUNDS, words) - first);
  set_mode_stacks();
  put("done\n");
  return 0;
}
