// Exception vectors and the entries from abort, undefined and IRQ mode: each moves the trapped state into the
// frame of the running activation and goes on in SVC mode.
#include "kernel.h"

namespace curios {

extern "C" void trap_data(Frame *f);
extern "C" void trap_prefetch(Frame *f);
extern "C" void trap_undefined(Frame *f);
extern "C" void trap_irq(Frame *f);

extern "C" [[gnu::naked, gnu::used, gnu::section(".vectors")]] void vectors() {
  asm volatile("ldr pc, 1f\n ldr pc, 2f\n ldr pc, 3f\n ldr pc, 4f\n ldr pc, 5f\n ldr pc, 1f\n ldr pc, 6f\n ldr pc, 1f\n"
               "1: .word _start\n 2: .word undefined_entry\n 3: .word svc_entry\n 4: .word prefetch_entry\n"
               "5: .word data_entry\n 6: .word irq_entry\n");
}

// sp of these modes points at three words of scratch.
#define ENTRY(name, adjust, handler)                                                                           \
  extern "C" [[gnu::naked, gnu::used]] void name() {                                                           \
    asm volatile("sub lr, lr, #" adjust "\n"                                                                   \
                 "stm sp, {r0-r2}\n"                                                                           \
                 "mov r0, lr\n"                                                                                \
                 "mrs r1, spsr\n"                                                                              \
                 "mov r2, sp\n"                                                                                \
                 "msr cpsr_c, #0xd3\n"                                                                         \
                 "tst r1, #0xf\n"                                                                              \
                 "bne kernel_trap\n"                                                                           \
                 "str r0, [sp, #%c0]\n"                                                                        \
                 "str r1, [sp, #%c1]\n"                                                                        \
                 "ldm r2, {r0-r2}\n"                                                                           \
                 "stm sp, {r0-lr}^\n"                                                                          \
                 "mov r0, sp\n"                                                                                \
                 "ldr sp, =kernel_stack_top\n"                                                                 \
                 "b " handler "\n"                                                                             \
                 ".ltorg\n"                                                                                    \
                 :                                                                                             \
                 : "i"(offsetof(Frame, pc)), "i"(offsetof(Frame, psr)));                                       \
  }

ENTRY(undefined_entry, "4", "trap_undefined")
ENTRY(prefetch_entry, "4", "trap_prefetch")
ENTRY(data_entry, "8", "trap_data")
ENTRY(irq_entry, "4", "trap_irq")

extern "C" [[gnu::used]] void kernel_trap_at(word pc, word psr) {
  log("cuik: exception in the kernel, psr ");
  log_hex(psr);
  panic(" at", pc);
}

extern "C" [[gnu::naked, gnu::used]] void kernel_trap() {
  asm volatile("ldr sp, =kernel_stack_top\n b kernel_trap_at\n .ltorg\n");
}

} // namespace curios
