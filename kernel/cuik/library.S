@ Code shared by all objects: return stubs, armed crashes, and the compiler's helpers.
        .syntax unified
        .arm
        .section .library, "ax"

@ The return stubs are alone in their page, at offsets where no other page has code: a return address with one wrong bit
@ leads to an undefined instruction.
        .global user_return, thread_return
@ The nops are the apparent callers of a method and of a thread's first function, since debuggers look up the
@ instruction before a return address. They mark the end of the stack.
        .cfi_sections .debug_frame

        .macro  undefined_up_to offset
        .fill   (\offset - (. - library_begin)) / 4, 4, 0xe7f000f0
        .endm
library_begin:
        undefined_up_to 0x550
        .cfi_startproc
        .cfi_undefined lr
thread_begin:
        nop
thread_return:
        mvn     r12, #1                 @ SYS_EXIT
        svc     #0
        .cfi_endproc
        undefined_up_to 0xaa0
        .cfi_startproc
        .cfi_undefined lr
protected_call:
        nop
user_return:
        mov     r12, #0
        svc     #0
        .cfi_endproc
        undefined_up_to 0x1000

@ Entered in place of a method; R0 is the state.
        .global crash_abort, crash_undef, crash_assert, crash_hang, crash_stack, crash_contract, crash_state
        .global crash_jump
crash_abort:
        mov     r0, #0
        ldr     r0, [r0]
        b       user_return
crash_undef:
        .word   0xe7f000f0
        b       user_return
crash_assert:
        mvn     r12, #13                @ SYS_ASSERT
        svc     #0
        b       user_return
crash_hang:
        b       .
crash_stack:
        push    {r0-r11}
        b       crash_stack
crash_contract:
        mov     r0, #0x80000001
        b       user_return
crash_state:
        cmp     r0, #0
        beq     crash_abort
        mvn     r1, #0
        str     r1, [r0]
        mov     r0, #0
        b       user_return
crash_jump:
        mov     r0, #0x8000
        bx      r0

        .global __aeabi_uidiv, __aeabi_uidivmod, __aeabi_idiv, __aeabi_idivmod
        .type   __aeabi_uidiv, %function
        .type   __aeabi_uidivmod, %function
        .type   __aeabi_idiv, %function
        .type   __aeabi_idivmod, %function
__aeabi_uidiv:
__aeabi_uidivmod:                       @ by shift and subtraction; division by 0 returns 0 and the dividend as remainder
        mov     r2, r0
        mov     r0, #0
        cmp     r1, #0
        beq     2f
        clz     r3, r1
        clz     r12, r2
        subs    r3, r3, r12
        blo     2f
        mov     r12, #1
        lsl     r12, r12, r3
        lsl     r1, r1, r3
1:      cmp     r2, r1
        subhs   r2, r2, r1
        orrhs   r0, r0, r12
        lsr     r1, r1, #1
        lsrs    r12, r12, #1
        bne     1b
2:      mov     r1, r2
        bx      lr
__aeabi_idiv:
__aeabi_idivmod:
        push    {r4, r5, lr}
        eor     r4, r0, r1              @ sign of the quotient; the remainder has the dividend's
        mov     r5, r0
        cmp     r0, #0
        rsblt   r0, r0, #0
        cmp     r1, #0
        rsblt   r1, r1, #0
        bl      __aeabi_uidivmod
        cmp     r4, #0
        rsblt   r0, r0, #0
        cmp     r5, #0
        rsblt   r1, r1, #0
        pop     {r4, r5, pc}

        .global memcpy, memset, __aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8
        .global __aeabi_memset, __aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8
        .type   memcpy, %function
        .type   memset, %function
        .type   __aeabi_memcpy, %function
        .type   __aeabi_memcpy4, %function
        .type   __aeabi_memcpy8, %function
        .type   __aeabi_memset, %function
        .type   __aeabi_memclr, %function
        .type   __aeabi_memclr4, %function
        .type   __aeabi_memclr8, %function
memcpy:
__aeabi_memcpy:
__aeabi_memcpy4:
__aeabi_memcpy8:
        mov     r12, r0
        orr     r3, r0, r1
        tst     r3, #3
        bne     2f
        subs    r2, r2, #32
        blo     4f
        push    {r4-r10}
3:      ldm     r1!, {r3-r10}
        subs    r2, r2, #32
        stm     r12!, {r3-r10}
        bhs     3b
        pop     {r4-r10}
4:      adds    r2, r2, #32
        bxeq    lr
1:      subs    r2, r2, #4
        ldrhs   r3, [r1], #4
        strhs   r3, [r12], #4
        bhs     1b
        adds    r2, r2, #4
2:      subs    r2, r2, #1
        ldrbhs  r3, [r1], #1
        strbhs  r3, [r12], #1
        bhs     2b
        bx      lr
__aeabi_memclr:
__aeabi_memclr4:
__aeabi_memclr8:
        mov     r2, #0
__aeabi_memset:                         @ (to, bytes, value)
        mov     r3, r1
        mov     r1, r2
        mov     r2, r3
memset: mov     r12, r0
        tst     r0, #3
        bne     1f
        and     r1, r1, #0xff
        orr     r1, r1, r1, lsl #8
        orr     r1, r1, r1, lsl #16
3:      subs    r2, r2, #4
        strhs   r1, [r12], #4
        bhs     3b
        add     r2, r2, #4
1:      subs    r2, r2, #1
        strbhs  r1, [r12], #1
        bhs     1b
        bx      lr

