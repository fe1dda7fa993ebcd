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

        .macro  unit_put
        eight_more r5
        stm     r0!, {r4-r11}
        stm     r1!, {r4-r11}
        .rept   3
        eight_more
        stm     r0!, {r4-r11}
        stm     r1!, {r4-r11}
        .endr
        str     lr, [r12], #4
        .endm

@ units_put(to, second, from, units, sums): word-aligned, at least one unit. Writes both copies and the checksums.
        .global units_put
        .type   units_put, %function
units_put:
        push    {r4-r11, lr}
        ldr     r12, [sp, #36]
        tst     r3, #1
        beq     1f
        unit_put
        subs    r3, r3, #1
        popeq   {r4-r11, pc}
1:      unit_put
        unit_put
        subs    r3, r3, #2
        bne     1b
        pop     {r4-r11, pc}

@ writes_put(w, end, copies): carries out writes of whole units or of words in one unit from kept.cc's list, both copies
@ and the checksums, up to the first one of another kind, which it returns, or the end.
        .global writes_put
        .type   writes_put, %function
writes_put:
        push    {r0-r2, r4-r11, lr}
1:      ldm     sp, {r0-r2}
        cmp     r0, r1
        beq     6f
        ldm     r0, {r3-r5}                     @ offset, bytes with the flag of one run, source
        eors    r4, r4, #0x80000000
        bmi     6f
        add     r0, r0, #16
        str     r0, [sp]
        orr     r9, r3, r4
        orr     r8, r9, r5
        tst     r8, #3
        bne     5f                              @ not in words
        ldm     r2, {r0, r1, r6}
        lsr     r7, r3, #12
        lsr     r8, r3, #17
        ldr     r0, [r0, r7, lsl #2]
        ldr     r1, [r1, r7, lsl #2]
        ldr     r12, [r6, r8, lsl #2]
        mov     r2, r5
        lsr     r0, r0, #12
        lsl     r7, r3, #20
        lsl     r0, r0, #12
        add     r0, r0, r7, lsr #20
        add     r1, r1, r7, lsr #20
        lsr     r12, r12, #12
        lsl     r12, r12, #12
        lsl     r3, r3, #15
        add     r12, r12, r3, lsr #20
        tst     r9, #0x7f
        bne     3f
        lsr     r3, r4, #7
2:      unit_put
        subs    r3, r3, #1
        bne     2b
        b       1b
3:      lsr     r3, r7, #20                     @ words of one unit: the checksum changes by the difference
        and     r3, r3, #0x7f
        add     r3, r3, r4
        cmp     r3, #0x80
        bhi     5f
        bic     r12, r12, #3
        ldr     r6, [r12]
4:      ldr     r5, [r2], #4
        ldr     r7, [r0]
        subs    r4, r4, #4
        add     r6, r6, r5
        sub     r6, r6, r7
        str     r5, [r0], #4
        str     r5, [r1], #4
        bne     4b
        str     r6, [r12]
        b       1b
5:      ldr     r0, [sp]
        sub     r0, r0, #16
6:      add     sp, sp, #12
        pop     {r4-r11, pc}

@ writes_resolve(w, end, to, usual): copies writes to the list, with the physical address of their source, up to the first
@ unusual one, which it returns, or the end.
        .global writes_resolve
        .type   writes_resolve, %function
writes_resolve:
        push    {r4-r11, lr}
        ldm     r3, {r3, r4, r5}                @ page table, section, size of the kept memory
1:      cmp     r0, r1
        beq     3f
        ldm     r0!, {r6-r9}                    @ offset, bytes, source, handle
        sub     r10, r7, #1
        cmp     r10, r5
        bhs     2f
        sub     r11, r5, r7
        cmp     r6, r11
        bhi     2f
        cmp     r9, #0
        bne     2f
        add     r11, r6, r10
        eor     r11, r11, r6
        add     r12, r8, r10
        eor     r12, r12, r8
        orr     r11, r11, r12
        cmp     r11, #0x1000                    @ both in one page
        bhs     2f
        sub     r10, r8, r4
        cmp     r10, #0x100000
        bhs     2f
        lsr     r10, r10, #12
        ldr     r10, [r3, r10, lsl #2]
        mvn     r11, r10
        tst     r11, #0xaa0                     @ READ_ONLY for each part of the page
        bne     2f
        lsr     r10, r10, #12
        lsl     r8, r8, #20
        lsr     r8, r8, #20
        orr     r8, r8, r10, lsl #12
        orr     r7, r7, #0x80000000
        stm     r2!, {r6-r9}
        b       1b
2:      sub     r0, r0, #16
3:      pop     {r4-r11, pc}

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

        .macro  eight_in
        ldr     r3, [r1]
        ldr     r4, [r1]
        ldr     r5, [r1]
        ldr     r6, [r1]
        ldr     r7, [r1]
        ldr     r8, [r1]
        ldr     r9, [r1]
        ldr     r10, [r1]
        stm     r0!, {r3-r10}
        .endm

@ words_in(to, register, words): reads words from a device register, a multiple of 8 and not 0.
        .global words_in
        .type   words_in, %function
words_in:
        push    {r4-r10, lr}
        tst     r2, #8
        beq     1f
        eight_in
        subs    r2, r2, #8
        popeq   {r4-r10, pc}
1:      eight_in
        eight_in
        subs    r2, r2, #16
        bne     1b
        pop     {r4-r10, pc}
