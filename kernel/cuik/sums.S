@ Sums of code, of states and of private data; comparison, copies and clearing of memory.
#include "offsets.h"

        .syntax unified
        .arm
        .text

@ A sum of code adds the products of each two words, in 64 bits: a bit that flips in one word changes it unless the other
@ word is 0.
        .macro  products                        @ of 8 words
        ldm     r12!, {r4-r11}
        umlal   r2, r3, r4, r5
        umlal   r2, r3, r6, r7
        umlal   r2, r3, r8, r9
        umlal   r2, r3, r10, r11
        .endm

@ code_sum(code, bytes): the sum of code; a multiple of 32 bytes and not 0.
        .global code_sum
        .type   code_sum, %function
code_sum:
        push    {r4-r11, lr}
        mov     r12, r0
        mov     r2, #0
        mov     r3, #0
        tst     r1, #32
        beq     1f
        products
        subs    r1, r1, #32
        beq     2f
1:      products
        products
        subs    r1, r1, #64
        bne     1b
2:      mov     r0, r2
        mov     r1, r3
        pop     {r4-r11, pc}

@ code_passes(ran): whether the open granules have their sums. Closes them. False again, until the difference is reset.
        .global code_passes
        .type   code_passes, %function
code_passes:
        push    {r0, r4-r11, lr}
        ldr     r1, [r0, #RAN_END]
        add     r3, r0, #RAN_OPEN
        str     r3, [r0, #RAN_END]
        ldr     r2, [r0, #RAN_DIFFERENCE]
        mov     r0, r3
        mov     r3, #0
        b       4f
1:      ldr     r4, [r0], #4
        ldm     r4, {r5-r9, r12}                @ address, page-table entry, step, sum, code
        ldr     r4, [r6]
        sub     r4, r4, r7
        str     r4, [r6]
        mcr     p15, 0, r5, c8, c6, 1
        mcr     p15, 0, r5, c8, c5, 1
        subs    r2, r2, r8
        sbc     r3, r3, r9
        tst     r12, #RAN_WEAK
        bne     3f
        mov     lr, #RAN_GRANULE / 256
2:      products
        products
        products
        products
        products
        products
        products
        products
        subs    lr, lr, #1
        bne     2b
4:      cmp     r0, r1
        bne     1b
        mcr     p15, 0, r0, c7, c10, 4
        pop     {r1, r4-r11, lr}
        orrs    r2, r2, r3
        str     r2, [r1, #RAN_DIFFERENCE]
        moveq   r0, #1
        movne   r0, #0
        bx      lr
3:      push    {r0-r3}                         @ it has words of 0
        bic     r0, r12, #RAN_WEAK
        mov     r1, #RAN_GRANULE
        mov     r2, #0
        bl      checksum
        mov     r4, r0
        pop     {r0-r3}
        adds    r2, r2, r4
        adc     r3, r3, #0
        b       4b

@ first_difference(a, a_end, b): the address in a of the first 16 bytes that differ from b; a_end if none do.
        .global first_difference
        .type   first_difference, %function
first_difference:
        push    {r4-r10, lr}
1:      cmp     r0, r1
        bhs     2f
        ldm     r0!, {r3-r6}
        ldm     r2!, {r7-r10}
        cmp     r3, r7
        cmpeq   r4, r8
        cmpeq   r5, r9
        cmpeq   r6, r10
        beq     1b
        sub     r0, r0, #16
2:      pop     {r4-r10, pc}

@ copy_and_sum(to, from, bytes): copies and returns the checksum of states and private data: sum = word + ror(sum, 5).
        .global copy_and_sum
        .type   copy_and_sum, %function
copy_and_sum:
        push    {r4-r7, lr}
        add     r2, r1, r2
        mov     r3, #0
1:      ldm     r1!, {r4-r7}
        add     r3, r4, r3, ror #5
        add     r3, r5, r3, ror #5
        add     r3, r6, r3, ror #5
        add     r3, r7, r3, ror #5
        stm     r0!, {r4-r7}
        cmp     r1, r2
        bne     1b
        mov     r0, r3
        pop     {r4-r7, pc}

@ checksum(words, bytes, sum): the same checksum without a copy, continuing from `sum`; a multiple of 4 bytes.
        .global checksum
        .type   checksum, %function
checksum:
        subs    r1, r1, #32
        blo     2f
        push    {r4-r9}
1:      ldm     r0!, {r3-r9, r12}
        add     r2, r3, r2, ror #5
        add     r2, r4, r2, ror #5
        add     r2, r5, r2, ror #5
        add     r2, r6, r2, ror #5
        add     r2, r7, r2, ror #5
        add     r2, r8, r2, ror #5
        add     r2, r9, r2, ror #5
        add     r2, r12, r2, ror #5
        subs    r1, r1, #32
        bhs     1b
        pop     {r4-r9}
2:      adds    r1, r1, #32
        beq     4f
3:      ldr     r3, [r0], #4
        subs    r1, r1, #4
        add     r2, r3, r2, ror #5
        bne     3b
4:      mov     r0, r2
        bx      lr

@ copy_words(to, from, bytes): aligned, a multiple of 4 and not 0.
        .global copy_words
        .type   copy_words, %function
copy_words:
        cmp     r2, #32
        blo     5f
        push    {r4-r10}
        subs    r2, r2, #128
        blo     2f
1:      .rept   4
        ldm     r1!, {r3-r10}
        stm     r0!, {r3-r10}
        .endr
        subs    r2, r2, #128
        bhs     1b
2:      adds    r2, r2, #96
        bmi     4f
3:      ldm     r1!, {r3-r10}
        stm     r0!, {r3-r10}
        subs    r2, r2, #32
        bpl     3b
4:      pop     {r4-r10}
        adds    r2, r2, #32
        bxeq    lr
5:      ldr     r3, [r1], #4
        subs    r2, r2, #4
        str     r3, [r0], #4
        bne     5b
        bx      lr

@ clear(to, bytes): aligned, a multiple of 32.
        .global clear
        .type   clear, %function
clear:  cmp     r1, #0
        bxeq    lr
        push    {r4-r9}
        mov     r2, #0
        mov     r3, #0
        mov     r4, #0
        mov     r5, #0
        mov     r6, #0
        mov     r7, #0
        mov     r8, #0
        mov     r9, #0
        subs    r1, r1, #128
        blo     2f
1:      .rept   4
        stm     r0!, {r2-r9}
        .endr
        subs    r1, r1, #128
        bhs     1b
2:      adds    r1, r1, #128
        beq     4f
3:      stm     r0!, {r2-r9}
        subs    r1, r1, #32
        bhi     3b
4:      pop     {r4-r9}
        bx      lr
