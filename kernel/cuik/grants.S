@ The fast path of SYS_COPY_IN and SYS_COPY_OUT: aligned data or few bytes, within one page on each side, between memory
@ that the request's caller has granted and the callee's own. system.cc does the others, and finds the errors.
#include "offsets.h"

        .syntax unified
        .arm
        .text

@ The physical address of `bytes` at `address`, in `address`; all in one page whose subpages have the rights `mask`. Clobbers
@ R4 and R6.
        .macro  physical address, table, bytes, mask
        lsl     r4, \address, #12
        lsr     r4, r4, #24
        ldr     r4, [\table, r4, lsl #2]
        lsl     \address, \address, #20
        lsr     \address, \address, #20
        mvn     r6, r4
        tst     r6, #\mask
        bne     .Lnot_usual
        add     r6, \address, \bytes
        cmp     r6, #0x1000
        bhi     .Lnot_usual
        lsr     r4, r4, #12
        orr     \address, \address, r4, lsl #12
        .endm

#define READABLE 0xaa0
#define WRITABLE 0xff0
#define KEPT_UNIT_BYTES 128
#define MOST_BYTES 16                           @ that are copied one by one

@ R1: the caller's handle; R2: offset << 16 | bytes; R3: the callee's address; R12: which of the two. SP: the activation.
        .global copy_begin
copy_begin:
        ldr     r5, [sp, #FRAME_OBJECT]
        ldr     r4, [r5, #OBJECT_ID]
        add     r4, r4, #0x400                  @ SECTIONS
        cmp     r4, r3, lsr #20
        ldreq   r0, [r5, #OBJECT_TABLE]
        mov     lr, #0
        bne     .Lown_kept
.Lown:    ldr     r4, [sp, #FRAME_METHOD]
        cmp     r4, #0
        beq     .Lnot_usual
        ldr     r6, [r5, #OBJECT_STRETCH]
        ldr     r11, [sp, #FRAME_OBJECT - FRAME_SIZE]
        cmp     r6, #0
        bne     .Lnot_usual
        sub     r7, sp, #FRAME_SIZE - 4
        ldm     r7, {r7, r8, r9}                @ the caller's arguments: the handle must be among them
        bics    r4, r1, #0xff000000
        beq     .Lnot_usual
        bic     r7, r7, #0xff000000
        bic     r8, r8, #0xff000000
        bic     r9, r9, #0xff000000
        cmp     r7, r4
        cmpne   r8, r4
        cmpne   r9, r4
        bne     .Lnot_usual
        add     r7, r11, #OBJECT_HANDLES
        ldm     r7, {r7, r8}
        and     r9, r4, #0xff
        cmp     r9, r8
        bhs     .Lnot_usual
        add     r7, r7, r9, lsl #4
        ldm     r7, {r6, r7, r8, r9}            @ tag, size, object, address
        cmp     r6, r4
        cmpeq   r8, #0
        bne     .Lnot_usual
        lsr     r10, r2, #16
        lsl     r2, r2, #16
        lsr     r2, r2, #16
        bic     r8, r7, #0x80000000
        subs    r8, r8, r10
        cmphs   r8, r2
        blo     .Lnot_usual
        add     r9, r9, r10
        ldr     r4, [r11, #OBJECT_ID]
        ldr     r11, [r11, #OBJECT_TABLE]
        add     r4, r4, #0x400
        cmp     r4, r9, lsr #20
        bne     .Lnot_usual
        cmn     r12, #-SYSTEM_COPY_IN
        bne     1f
        physical r9, r11, r2, READABLE
        physical r3, r0, r2, WRITABLE
        mov     r0, r3
        mov     r1, r9
        b       2f
1:      tst     r7, #0x80000000
        beq     .Lnot_usual
        cmp     lr, #0
        bne     .Lsummed
        physical r9, r11, r2, WRITABLE
        physical r3, r0, r2, READABLE
        mov     r0, r9
        mov     r1, r3
2:      orr     r3, r0, r1
        str     r2, [sp, #FRAME_R0]
        tst     r3, #3
        bne     9f
        subs    r2, r2, #32
        blo     4f
3:      ldm     r1!, {r3-r10}
        subs    r2, r2, #32
        stm     r0!, {r3-r10}
        bhs     3b
4:      add     r2, r2, #32
        subs    r2, r2, #4
        blo     6f
5:      ldr     r3, [r1], #4
        subs    r2, r2, #4
        str     r3, [r0], #4
        bhs     5b
6:      adds    r2, r2, #4
        beq     8f
7:      ldrb    r3, [r1], #1
        subs    r2, r2, #1
        strb    r3, [r0], #1
        bne     7b
8:      ldr     lr, [sp, #FRAME_PC]
        ldm     sp, {r0-lr}^
        nop
        movs    pc, lr

9:      cmp     r2, #MOST_BYTES
        bhi     .Lnot_usual
        cmp     r2, #0
        bne     7b
        b       8b

@ LR: 0, or the size of kept memory that has checksums.
.Lown_kept:
        ldr     r6, [r5, #OBJECT_KEPT_SECOND]
        add     r4, r4, #0x100                  @ kept_section()
        cmp     r4, r3, lsr #20
        bne     slow_system
        ldr     r0, [r5, #OBJECT_KEPT_TABLE]
        cmp     r0, #0
        beq     slow_system
        cmp     r6, #0
        ldrne   lr, [r5, #OBJECT_DESCRIPTOR]
        ldrne   lr, [lr, #DESCRIPTOR_KEPT]
        b       .Lown

@ Whole units, which units_get checks.
.Lsummed: orr     r4, r3, r2
        lsl     r10, r3, #12
        tst     r4, #KEPT_UNIT_BYTES - 1
        tsteq   r9, #3
        bne     .Lnot_usual
        cmp     lr, r10, lsr #12
        bls     .Lnot_usual                       @ or beyond the kept memory
        cmp     r2, #0
        beq     .Lnot_usual
        add     r10, lr, r10, lsr #17           @ the sums lie behind it, a word for each unit
        lsr     r4, r10, #12
        ldr     r4, [r0, r4, lsl #2]
        lsl     r10, r10, #20
        lsr     r10, r10, #20
        lsr     r4, r4, #12
        orr     r10, r10, r4, lsl #12
        physical r9, r11, r2, WRITABLE
        physical r3, r0, r2, READABLE
        mov     r4, sp
        mov     r5, r2
        ldr     sp, =kernel_stack_top
        mov     r0, r9
        mov     r1, r10
        mov     r2, r3
        lsr     r3, r5, #7
        bl      units_get
        mov     sp, r4
        cmp     r0, #0
        bne     .Lnot_usual
        str     r5, [sp, #FRAME_R0]
        b       8b

.Lnot_usual:
        ldmib   sp, {r1-r3}
        ldr     r12, [sp, #FRAME_R0 + 48]       @ units_get has used it
        b       slow_system
        .ltorg
