@ Start of bare-metal programs, and the division helpers of the run-time ABI (ARM IHI 0043).
        .syntax unified
        .arm

        .section .text.start, "ax"
        .global _start
_start:
        ldr     sp, =__stack_top
        ldr     r0, =__bss_start
        ldr     r1, =__bss_end
        mov     r2, #0
1:      cmp     r0, r1
        strlo   r2, [r0], #4
        blo     1b
        ldr     r0, =main
        mov     lr, pc
        bx      r0
        ldr     r1, =_exit_arm
        bx      r1
_exit_arm:
        sub     sp, sp, #8
        str     r0, [sp, #4]
        ldr     r2, =0x20026
        str     r2, [sp]
        mov     r0, #0x20               @ SYS_EXIT_EXTENDED
        mov     r1, sp
        svc     0x123456
        b       .

        .section .text.div, "ax"
        .global __aeabi_uidiv, __aeabi_uidivmod, __aeabi_idiv, __aeabi_idivmod
        .type   __aeabi_uidiv, %function         @ so that Thumb callers change the state
        .type   __aeabi_uidivmod, %function
        .type   __aeabi_idiv, %function
        .type   __aeabi_idivmod, %function
@ r0 / r1 -> quotient r0, remainder r1; division by zero gives 0 and the dividend
__aeabi_uidiv:
__aeabi_uidivmod:
        mov     r2, r0
        mov     r0, #0
        cmp     r1, #0
        beq     3f
        clz     r3, r1
        clz     r12, r2
        subs    r3, r3, r12             @ greatest shift of the divisor
        blo     3f
        mov     r12, #1
        lsl     r12, r12, r3
        lsl     r1, r1, r3
2:      cmp     r2, r1
        subhs   r2, r2, r1
        orrhs   r0, r0, r12
        lsr     r1, r1, #1
        lsrs    r12, r12, #1
        bne     2b
3:      mov     r1, r2
        bx      lr

__aeabi_idiv:
__aeabi_idivmod:
        push    {r4, lr}
        eor     r4, r0, r1              @ sign of the quotient
        orr     r4, r4, #1
        cmp     r0, #0
        rsblt   r0, r0, #0
        mov     r12, #0
        movlt   r12, #1
        push    {r12}                   @ sign of the dividend
        cmp     r1, #0
        rsblt   r1, r1, #0
        bl      __aeabi_uidivmod
        cmp     r4, #0
        rsblt   r0, r0, #0
        pop     {r12}
        cmp     r12, #0
        rsbne   r1, r1, #0
        pop     {r4, lr}
        bx      lr
