@ Copies kept memory in units of KEPT_UNIT bytes, and computes or checks the checksum of each unit on the way at one
@ instruction per word.
        .syntax unified
        .arm
        .text

        .macro  eight_more first=lr
        ldm     r2!, {r4-r11}
    .ifc \first, r5
        add     lr, r4, r5
    .else
        add     lr, lr, r4
        add     lr, lr, r5
    .endif
        add     lr, lr, r6
        add     lr, lr, r7
        add     lr, lr, r8
        add     lr, lr, r9
        add     lr, lr, r10
        add     lr, lr, r11
        .endm

@ units_put(to, second, from, units, sums): word-aligned, at least one unit. Writes both copies and the checksums.
        .global units_put
        .type   units_put, %function
units_put:
        push    {r4-r11, lr}
        ldr     r12, [sp, #36]
1:      eight_more r5
        stm     r0!, {r4-r11}
        stm     r1!, {r4-r11}
        .rept   3
        eight_more
        stm     r0!, {r4-r11}
        stm     r1!, {r4-r11}
        .endr
        str     lr, [r12], #4
        subs    r3, r3, #1
        bne     1b
        pop     {r4-r11, pc}

@ units_get(to, sums, from, units): word-aligned, at least one unit. Stops at a damaged unit: the number of units left;
@ 0 if all are intact.
        .global units_get
        .type   units_get, %function
units_get:
        push    {r4-r11, lr}
1:      eight_more r5
        stm     r0!, {r4-r11}
        .rept   3
        eight_more
        stm     r0!, {r4-r11}
        .endr
        ldr     r12, [r1], #4
        cmp     r12, lr
        bne     2f
        subs    r3, r3, #1
        bne     1b
2:      mov     r0, r3
        pop     {r4-r11, pc}

@ words_sum(from, bytes): the sum of aligned words.
        .global words_sum
        .type   words_sum, %function
words_sum:
        mov     r2, r0
        push    {r4-r11, lr}
        mov     lr, #0
        subs    r1, r1, #32
        blo     2f
1:      eight_more
        subs    r1, r1, #32
        bhs     1b
2:      adds    r1, r1, #32
        beq     4f
3:      ldr     r3, [r2], #4
        subs    r1, r1, #4
        add     lr, lr, r3
        bne     3b
4:      mov     r0, lr
        pop     {r4-r11, pc}

@ words_out(register, from, words): writes words to a device register, a multiple of 8 and not 0.
        .global words_out
        .type   words_out, %function
words_out:
        push    {r4-r10, lr}
1:      ldm     r1!, {r3-r10}
        subs    r2, r2, #8
        str     r3, [r0]
        str     r4, [r0]
        str     r5, [r0]
        str     r6, [r0]
        str     r7, [r0]
        str     r8, [r0]
        str     r9, [r0]
        str     r10, [r0]
        bne     1b
        pop     {r4-r10, pc}

@ words_in(to, register, words): reads words from a device register, a multiple of 8 and not 0.
        .global words_in
        .type   words_in, %function
words_in:
        push    {r4-r10, lr}
1:      ldr     r3, [r1]
        ldr     r4, [r1]
        ldr     r5, [r1]
        ldr     r6, [r1]
        ldr     r7, [r1]
        ldr     r8, [r1]
        ldr     r9, [r1]
        ldr     r10, [r1]
        subs    r2, r2, #8
        stm     r0!, {r3-r10}
        bne     1b
        pop     {r4-r10, pc}
