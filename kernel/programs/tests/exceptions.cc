// Every exception from ARM and Thumb state and from user mode: vector, link register, SPSR, entry mode; banked
// registers; restrictions of user mode. ARM DDI 0100, part A2.6.
#include "faults.h"

#define CODE(name, text) \
  asm(".text\n.arm\n.balign 4\n.global " #name "\n.type " #name ", %function\n" #name ":\n" text "\n bx lr\n"); \
  extern "C" Code name;
#define THUMB(name, text)                                                                                       \
  asm(".text\n.thumb\n.balign 4\n.thumb_func\n.global " #name "\n.type " #name ", %function\n" #name ":\n" text \
      "\n bx lr\n.arm\n");                                                                                      \
  extern "C" Code name;

CODE(a_undefined, "nop\n .word 0xe7f000f0")
CODE(a_svc, "nop\n nop\n svc #42")
CODE(a_svc_skipped, "movs r3, #1\n svceq #42")
CODE(a_bkpt, "nop\n bkpt #7")
CODE(a_coprocessor, "nop\n mrc p6, 0, r1, c0, c0, 0")
CODE(a_coprocessor_load, "nop\n ldc p6, c0, [sp]")
CODE(a_nothing, "mov r0, r1")
CODE(a_cp15, "nop\n mrc p15, 0, r0, c1, c0, 0")
CODE(a_write_mode, "mrs r2, cpsr\n bic r2, r2, #0x1f\n orr r2, r2, #0x13\n msr cpsr_c, r2\n mrs r0, cpsr")
CODE(a_write_flags, "msr cpsr_f, #0xa0000000\n mrs r0, cpsr\n mov r4, r0\n svc #1")
CODE(a_flags_kept, "msr cpsr_f, #0xf0000000\n .word 0xe7f000f0")
THUMB(t_undefined, "nop\n .short 0xde00")
THUMB(t_svc, "nop\n nop\n svc #42")
THUMB(t_bkpt, "nop\n bkpt #7")
THUMB(t_nothing, "movs r0, #7")

asm(R"(
        .text
        .arm
        .global bank_test
        .type bank_test, %function
bank_test:                              @ writes sp, lr, spsr of every mode, then sums them up in a buffer at r0
        push    {r4-r11, lr}
        mrs     r12, cpsr
        mov     r1, #0x1000
        mov     r4, #0xd1
        ldr     r5, =mode_list
1:      ldrb    r4, [r5], #1
        cmp     r4, #0
        beq     2f
        msr     cpsr_c, r4
        mov     r6, sp                  @ sp is kept for the stacks
        orr     lr, r1, r4
        orr     r2, r4, #0x60000000
        msr     spsr_cxsf, r2
        str     r6, [r0], #4
        b       1b
2:      ldr     r5, =mode_list
3:      ldrb    r4, [r5], #1
        cmp     r4, #0
        beq     4f
        msr     cpsr_c, r4
        str     lr, [r0], #4
        mrs     r2, spsr
        str     r2, [r0], #4
        b       3b
4:      msr     cpsr_c, #0xd1           @ FIQ: r8 to r12 of its own
        mov     r8, #0x88
        mov     r9, #0x99
        msr     cpsr_c, #0xdf
        mov     r8, #0x11
        mov     r9, #0x22
        mov     r3, sp
        msr     cpsr_c, #0xd1
        str     r8, [r0], #4
        str     r9, [r0], #4
        msr     cpsr_c, #0xd2
        str     r8, [r0], #4
        str     r9, [r0], #4
        msr     cpsr_c, #0xd1
        mov     r10, #0x55
        msr     cpsr_c, #0xd3
        mov     r10, #0x66
        ldr     r2, =user_words
        msr     cpsr_c, #0xd1
        ldmia   r2, {r8-r10, sp, lr}^   @ the user bank
        nop
        str     r10, [r0], #4           @ FIQ's stays
        msr     cpsr_c, #0xd3
        str     r10, [r0], #4
        str     r8, [r0], #4
        stmia   r0, {r8-r10, sp, lr}^
        nop
        add     r0, r0, #20
        msr     cpsr_c, #0xdf           @ system mode shares user's registers
        str     sp, [r0], #4
        str     lr, [r0], #4
        msr     cpsr_c, r12
        msr     cpsr_c, #0xd3
        pop     {r4-r11, pc}
        .ltorg
        .section .rodata.modes, "a"
mode_list: .byte 0xd1, 0xd2, 0xd7, 0xdb, 0
        .balign 4
user_words: .word 0xa8, 0xa9, 0xaa, 0xad, 0xae
        .text
)");
extern "C" void bank_test(u32 *to);

asm(R"(
        .text
        .arm
        .global back_by_movs, back_by_ldm, back_to_thumb
        .type back_by_movs, %function
        .type back_by_ldm, %function
        .type back_to_thumb, %function
back_by_movs:                           @ an exception return into the same mode with other flags
        mov     r1, #0xd3
        orr     r1, r1, #0x90000000
        msr     spsr_cxsf, r1
        adr     r2, 1f
        movs    pc, r2
        mov     r0, #0
        bx      lr
1:      mrs     r0, cpsr
        bx      lr
back_by_ldm:
        mov     r1, #0xd3
        orr     r1, r1, #0x68000000
        msr     spsr_cxsf, r1
        adr     r2, 2f
        push    {r2}
        ldmia   sp!, {pc}^
        mov     r0, #0
        bx      lr
2:      mrs     r0, cpsr
        bx      lr
back_to_thumb:
        mov     r1, #0xf3
        msr     spsr_cxsf, r1
        adr     r2, 3f
        mov     r0, #1
        movs    pc, r2
3:      .thumb
        adds    r0, #0x41
        bx      lr
        .arm
)");
extern "C" Code back_by_movs, back_by_ldm, back_to_thumb;

struct Case {
  const char *name;
  Code *code;
};
static const Case cases[] = {
    {"ARM undefined", a_undefined},   {"ARM SWI", a_svc},
    {"ARM SWI, condition false", a_svc_skipped},
    {"ARM BKPT", a_bkpt},
    {"absent coprocessor", a_coprocessor},
    {"absent coprocessor load", a_coprocessor_load},
    {"no exception", a_nothing},      {"Thumb undefined", t_undefined},
    {"Thumb SWI", t_svc},             {"Thumb BKPT", t_bkpt},
    {"Thumb, no exception", t_nothing}, {"flags are kept", a_flags_kept},
};

int main() {
  install_vectors(0);
  for (const Case &c : cases) report(c.name, attempt(c.code, 1, 2), c.code);
  say("flags in the SPSR", (attempt(a_flags_kept, 0, 0), last.spsr >> 28));
  put("user mode\n");
  for (const Case &c : cases) report(c.name, attempt_user(c.code, 1, 2), c.code);
  report("CP15 is privileged", attempt_user(a_cp15, 0, 0), a_cp15);
  report("MSR of the mode", attempt_user(a_write_mode, 0, 0), a_write_mode);
  say("mode stays", last.r0 & 0x1f);
  report("MSR of the flags", attempt_user(a_write_flags, 0, 0), a_write_flags);
  say("flags", last.r4 >> 28);
  u32 words[32];
  for (u32 &w : words) w = 0;
  bank_test(words);
  for (int i = 4; i < 24; i++) say("bank", words[i]);
  attempt(back_by_movs, 0, 0);
  say("MOVS PC", last.r0 & 0xf80000ff);
  attempt(back_by_ldm, 0, 0);
  say("LDM ^ with PC", last.r0 & 0xf80000ff);
  attempt(back_to_thumb, 0, 0);
  say("to Thumb", last.r0);
  put("done\n");
  return 0;
}
