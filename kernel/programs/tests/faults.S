@ Exceptions as results; see faults.h.
        .syntax unified
        .arm
        .section .text.faults, "ax"

        .global vectors
vectors:
        ldr     pc, 8f
        ldr     pc, 8f+4
        ldr     pc, 8f+8
        ldr     pc, 8f+12
        ldr     pc, 8f+16
        ldr     pc, 8f+20
        ldr     pc, 8f+24
        ldr     pc, 8f+28
8:      .word   on_reset, on_undefined, on_svc, on_prefetch, on_data, on_reset, on_irq, on_fiq

        .macro  handler name, number
\name:  push    {r0}
        mov     r0, #\number
        b       record
        .endm
        handler on_reset, 5
        handler on_undefined, 1
        handler on_svc, 2
        handler on_prefetch, 3
        handler on_data, 4

on_irq: push    {r0}
        ldr     r0, =irq_hook
        ldr     r0, [r0]
        cmp     r0, #0
        moveq   r0, #6
        beq     record
        b       hook
on_fiq: push    {r0}
        ldr     r0, =fiq_hook
        ldr     r0, [r0]
        cmp     r0, #0
        moveq   r0, #7
        beq     record
hook:   push    {r1-r3, r12, lr}
        blx     r0
        pop     {r1-r3, r12, lr}
        pop     {r0}
        subs    pc, lr, #4

record: push    {r1, r2}
        ldr     r1, =last
        str     r0, [r1]
        str     lr, [r1, #4]
        mrs     r2, spsr
        str     r2, [r1, #8]
        mrc     p15, 0, r2, c5, c0, 0
        str     r2, [r1, #12]
        mrc     p15, 0, r2, c5, c0, 1
        str     r2, [r1, #16]
        mrc     p15, 0, r2, c6, c0, 0
        str     r2, [r1, #20]
        mrs     r2, cpsr
        str     r2, [r1, #24]
        str     r4, [r1, #28]
        str     r5, [r1, #32]
        str     r6, [r1, #36]
        str     r7, [r1, #40]
        ldr     r2, [sp, #8]
        str     r2, [r1, #44]
        add     sp, sp, #12
        msr     cpsr_c, #0xd3
        ldr     r1, =attempt_sp
        ldr     sp, [r1]
        pop     {r4-r11, pc}

        .global attempt, attempt_user, user_return
        .type   attempt, %function
        .type   attempt_user, %function
attempt:
        push    {r4-r11, lr}
        ldr     r12, =attempt_sp
        str     sp, [r12]
        mov     r12, r0
        mov     r0, r1
        mov     r1, r2
        blx     r12
        ldr     r1, =last
        str     r0, [r1, #44]
        mov     r0, #0
        str     r0, [r1]
        pop     {r4-r11, pc}
attempt_user:
        push    {r4-r11, lr}
        ldr     r12, =attempt_sp
        str     sp, [r12]
        ldr     r4, =user_registers
        ldmia   r4, {sp, lr}^
        nop
        tst     r0, #1
        mov     r3, #0xd0
        orrne   r3, r3, #0x20
        msr     spsr_cxsf, r3
        bic     r12, r0, #1
        mov     r0, r1
        mov     r1, r2
        movs    pc, r12
user_return:
        svc     #0
        b       user_return

        .global set_mode_stacks
        .type   set_mode_stacks, %function
set_mode_stacks:
        mrs     r0, cpsr
        ldr     r1, =mode_stacks_top
        msr     cpsr_c, #0xd1
        mov     sp, r1
        sub     r1, r1, #256
        msr     cpsr_c, #0xd2
        mov     sp, r1
        sub     r1, r1, #256
        msr     cpsr_c, #0xd7
        mov     sp, r1
        sub     r1, r1, #256
        msr     cpsr_c, #0xdb
        mov     sp, r1
        msr     cpsr_c, r0
        bx      lr

        .section .data.faults, "aw"
        .balign 4
        .global last, irq_hook, fiq_hook
last:           .space  48
attempt_sp:     .word   0
irq_hook:       .word   0
fiq_hook:       .word   0
user_registers: .word   user_stack_top, user_return
        .balign 8
        .space  1024
mode_stacks_top:
        .space  1024
user_stack_top:
