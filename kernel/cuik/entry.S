@ Reset, exception vectors, the fast path of protected calls and returns, and the exit from the kernel.
@
@ While an object runs, the supervisor's SP points at its activation (Frame), where each trap saves the registers.
@ The kernel's C++ code runs on one stack, with interrupts masked.
#include "offsets.h"

        .syntax unified
        .arm

#define USER 0x10
#define SUPERVISOR_MASKED 0xd3
#define ABORT_MASKED 0xd7
#define SYSTEM_MASKED 0xdf

@ Parts of `scratch`.
#define IRQ_PLACE 0
#define ABORT_PLACE 16
#define UNDEFINED_PLACE 48

@ Of C++.
#define CURRENT _ZN6curios7currentE
#define PREEMPT _ZN6curios7preemptE
#define GO_ON _ZN6curios5go_onEv
#define INTERRUPT _ZN6curios9interruptEv
#define DISPATCH _ZN6curios8dispatchEv

        .section .text.start, "ax"
        .global _start
_start: msr     cpsr_c, #SUPERVISOR_MASKED
        ldr     sp, =kernel_stack_top
        ldr     r0, =__bss_start
        ldr     r1, =__bss_end
        mov     r2, #0
1:      cmp     r0, r1
        strlo   r2, [r0], #4
        blo     1b
        ldr     r0, =vectors
        mov     r1, #0
        mov     r3, #16
2:      ldr     r2, [r0], #4
        str     r2, [r1], #4
        subs    r3, r3, #1
        bne     2b
        bl      kernel_main
        b       .

vectors:
        ldr     pc, 1f
        ldr     pc, 1f+4
        ldr     pc, 1f+8
        ldr     pc, 1f+12
        ldr     pc, 1f+16
        ldr     pc, 1f
        ldr     pc, 1f+24
        ldr     pc, 1f+28
1:      .word   _start, on_undefined, on_svc, on_prefetch, on_data, _start, on_irq, on_fiq

        .text
@ An exception begins: `scratch` gets the first registers, R0 and R1 get PC and PSR, R2 the address of the registers. One in
@ the kernel itself goes to trap_in_kernel. SP is set each time: a flipped bit of a banked one would never be mended.
        .macro  begin name, adjust, place, registers:vararg
\name:  ldr     sp, =scratch + \place
        sub     lr, lr, #\adjust
        stm     sp, {\registers}
        mov     r0, lr
        mrs     r1, spsr
        mov     r2, sp
        msr     cpsr_c, #SUPERVISOR_MASKED
        tst     r1, #0xf
        bne     in_kernel
        .endm

@ Saves the state in the activation and continues in C++.
        .macro  continue handler, registers:vararg
        str     r0, [sp, #FRAME_PC]
        str     r1, [sp, #FRAME_PSR]
        ldm     r2, {\registers}
        stm     sp, {r0-lr}^
        mov     r0, sp
        ldr     sp, =kernel_stack_top
        ldr     r1, =in_exception
        str     sp, [r1]
        b       \handler
        .endm

        .macro  exception name, adjust, place, handler
        begin   \name, \adjust, \place, r0-r2
        continue \handler, r0-r2
        .endm

@ An abort. If it is the first use of a closed granule of code (code.cc), opens the granule and goes on.
        .macro  abort name, adjust, handler
        begin   \name, \adjust, ABORT_PLACE, r0-r7
        ldr     r4, [sp, #FRAME_OBJECT]
        ldr     r4, [r4, #OBJECT_RAN]
        cmp     r4, #0
        beq     1f
    .ifc \name, on_data
        mrc     p15, 0, r3, c6, c0, 0
    .else
        mov     r3, r0
    .endif
        ldm     r4, {r5, r6, r7}                @ start and size of the code, end of the list of open granules
        sub     r3, r3, r5
        cmp     r3, r6
        bhs     1f
        mov     r3, r3, lsr #10
        add     r3, r3, r3, lsl #1
        add     r3, r4, r3, lsl #3
        add     r3, r3, #RAN_PARTS
        ldm     r3, {r5, r6, lr}                @ address, page-table entry, its step from closed to open
        ldr     r6, [r6]
        tst     r6, lr
        beq     1f                              @ it is open: the abort has another cause
        add     r6, r6, lr
        ldr     lr, [r3, #4]
        str     r6, [lr]
        str     r3, [r7], #4
        str     r7, [r4, #RAN_END]
        mcr     p15, 0, r5, c7, c10, 4          @ drain the write buffer
        mcr     p15, 0, r5, c8, c6, 1           @ invalidate the old entry
        mcr     p15, 0, r5, c8, c5, 1
        msr     cpsr_c, #ABORT_MASKED
        ldm     sp, {r0-r7}
        movs    pc, lr
1:      continue \handler, r0-r7
        .endm
        abort   on_prefetch, 4, trap_prefetch
        abort   on_data, 8, trap_data
        exception on_undefined, 4, UNDEFINED_PLACE, trap_undefined
        exception on_irq, 4, IRQ_PLACE, trap_irq

@ Nobody uses FIQ: a flipped bit of the interrupt controller has made a line one.
on_fiq: ldr     r8, =0x1014000c                 @ VIC, INTSELECT
        mov     r9, #0
        str     r9, [r8]
        subs    pc, lr, #4
in_kernel:
        mov     r2, sp
        ldr     sp, =kernel_stack_top
        b       trap_in_kernel
        .ltorg

@ R12: above 0 a call word, 0 the return, below 0 a system call. SP: the activation.
on_svc: str     lr, [sp, #FRAME_PC]
        stm     sp, {r0-lr}^
        mrs     lr, spsr
        str     lr, [sp, #FRAME_PSR]
        cmp     r12, #0
        ble     not_a_call

        .global call_begin
call_begin:
        ldr     r4, [sp, #FRAME_OBJECT]
        add     r4, r4, #OBJECT_HANDLES
        ldm     r4, {r4, r5}                    @ the caller's handles
        and     r6, r12, #0xff
        cmp     r6, r5
        bhs     slow_call
        add     r4, r4, r6, lsl #4
        ldm     r4, {r4, r7, r8, r9}            @ tag, methods, object, SSR
        bic     r5, r12, #0xff000000
        cmp     r4, r5
        bne     slow_call
        mov     r10, r12, lsr #24
        mov     r4, #1
        tst     r7, r4, lsl r10
        beq     slow_call
        cmp     r8, #0
        beq     slow_call
        ldr     r5, [r8, #OBJECT_GATE]
        cmp     r5, #0
        beq     no_gate
gate_open:
        add     r6, sp, #FRAME_SIZE
        movs    r4, r6, lsl #22                 @ no frame left in the thread
        beq     slow_call
        ldr     r7, [r8, #OBJECT_STACKS]
        ldr     r11, [r7]
        cmp     r11, #0
        beq     slow_call
        movs    r0, r9
        bne     with_state

@ R0: the state's address or 0; R1 to R3: arguments; R5: the object's DACR; R6: the new frame; R7: its stack list;
@ R8: object; R9: SSR; R10: number of the method; R11: stack pointer at entry; R12: call word.
enter:  ldr     r4, [r7], #4
        str     r7, [r8, #OBJECT_STACKS]
        ldr     lr, [r8, #OBJECT_METHODS]
        add     r10, lr, r10, lsl #4
        ldr     lr, [r10]
        add     r7, r6, #FRAME_OBJECT
        stm     r7, {r8-r12}                    @ object, SSR, method, stack, call
        ldr     r7, [r8, #OBJECT_CALLS]
        ldr     r9, [r8, #OBJECT_DEADLINE]
        add     r7, r7, #1
        str     r7, [r8, #OBJECT_CALLS]
        mov     r7, #0
        str     r7, [r8, #OBJECT_GATE]
        str     r9, [r6, #FRAME_BUDGET]
        str     r7, [r6, #FRAME_ATTEMPT]
        str     r4, [r6, #FRAME_TOP]
        mov     sp, r6
        mcr     p15, 0, r5, c3, c0, 0
        mov     r7, #USER
        msr     spsr_cxsf, r7
        msr     cpsr_c, #SYSTEM_MASKED
        mov     sp, r11
        ldr     lr, =user_return
        msr     cpsr_c, #SUPERVISOR_MASKED
        .global call_entered
call_entered:
        movs    pc, lr

with_state:
        ldr     r4, [r9, #SSR_MODE]
        cmp     r4, #MODE_MAPPED
        bne     1f
        ldr     r4, [r9, #SSR_PTE]
        ldr     r10, [r9, #SSR_MASK]
        ldr     lr, [r4]
        ldr     r0, [r9, #SSR_ADDRESS]
        orr     lr, lr, r10
        str     lr, [r4]
        mcr     p15, 0, r0, c7, c10, 4          @ drain the write buffer
        mcr     p15, 0, r0, c8, c6, 1           @ invalidate the old entry
        mov     lr, #MODE_BUSY
        str     lr, [r9, #SSR_MODE]
        mov     r10, r12, lsr #24
        b       enter
1:      cmp     r4, #MODE_PACKED
        bne     3f
        mcr     p15, 0, r5, c3, c0, 0           @ gives access to the window on the server's stack
        ldrh    r4, [r9, #SSR_BYTES]
        mov     lr, r11
        sub     r11, r11, r4
        mov     r7, r11
        add     r4, r9, #SSR_SIZE
        mov     r10, #0
2:      ldm     r4!, {r0-r3}
        add     r10, r0, r10, ror #5
        add     r10, r1, r10, ror #5
        add     r10, r2, r10, ror #5
        add     r10, r3, r10, ror #5
        stm     r7!, {r0-r3}
        cmp     r7, lr
        bne     2b
        ldr     r0, [r9, #SSR_SUM]
        ldr     r1, [r11]
        ldr     r2, [r8, #OBJECT_TAG]
        cmp     r0, r10
        cmpeq   r1, r2
        bne     slow_call                       @ which finds the damage as well, and repairs or quarantines
        mov     r0, #MODE_BUSY
        str     r0, [r9, #SSR_MODE]
        ldr     r7, [r8, #OBJECT_STACKS]
        mov     r10, r12, lsr #24
        ldmib   sp, {r1-r3}
        mov     r0, r11
        b       enter
3:      cmp     r4, #MODE_OPEN
        ldreq   r0, [r9, #SSR_ADDRESS]
        moveq   r10, r12, lsr #24
        beq     enter

@ An object that is checked at each request: its private data must match the checksum of the last request.
no_gate:
        ldr     r5, [r8, #OBJECT_CHECKED_GATE]
        cmp     r5, #0
        beq     slow_call
        bl      private_sum
        ldr     r0, [r8, #OBJECT_PRIVATE_SUM]
        cmp     r0, r11
        bne     slow_call
        mov     r0, #0
        str     r0, [r8, #OBJECT_CHECKED_GATE]
        ldmib   sp, {r1-r3}
        b       gate_open

@ R8: an object. Returns the checksum of its private data in R11; clobbers R0 to R4 and R7.
private_sum:
        sub     r4, r8, #OBJECT_HOME_RECORD
        ldr     r7, [r8, #OBJECT_PRIVATE_BYTES]
        movs    r11, r7
        bxeq    lr
        mov     r11, #0
1:      .rept   2
        ldm     r4!, {r0-r3}
        add     r11, r0, r11, ror #5
        add     r11, r1, r11, ror #5
        add     r11, r2, r11, ror #5
        add     r11, r3, r11, ror #5
        .endr
        subs    r7, r7, #32
        bne     1b
        bx      lr

slow_call:
        mov     r0, sp
        ldr     sp, =kernel_stack_top
        b       trap_call

not_a_call:
        beq     return_begin
        cmn     r12, #-SYSTEM_ASKED
        beq     asked
        sub     r4, r12, #SYSTEM_COPY_OUT
        cmp     r4, #SYSTEM_COPY_IN - SYSTEM_COPY_OUT
        bls     copy_begin
        .global slow_system
slow_system:
        rsb     r9, r12, #0
        cmp     r9, #SYSTEM_CALLS
        bhs     through_trap_system
        ldr     r8, =system_calls
        add     r9, r9, r9, lsl #1
        add     r8, r8, r9, lsl #2
        ldm     r8, {r8, r9, r10}               @ function, kind, required right
        ldr     r7, [sp, #FRAME_OBJECT]
        ldr     r11, [r7, #OBJECT_STRETCH]
        orrs    r11, r11, r10
        bne     through_trap_system
        mov     r4, sp
        bic     r5, sp, #THREAD_SIZE - 4        @ the thread
        ldr     r6, =CURRENT
        str     r5, [r6]
        str     sp, [r5, #THREAD_FRAME]
        ldr     sp, =kernel_stack_top
        mov     r0, r5
        blx     r8                              @ R1 to R3: its arguments
        stm     r4, {r0, r1}
        ldr     r2, [r6]
        ldr     r3, =PREEMPT
        cmp     r2, r5
        ldrbeq  r3, [r3]
        ldreq   r2, [r5, #THREAD_STATE]
        orreq   r2, r2, r3, lsl #8              @ ready, and no thread of higher priority is
        cmpeq   r2, #THREAD_READY
        ldreq   r1, [r7, #OBJECT_DACR]
        bne     go_on_elsewhere
        cmp     r1, #0
        beq     go_on_elsewhere
        mov     r0, r4
        b       resume
go_on_elsewhere:
        bl      GO_ON
through_trap_system:
        mov     r0, sp
        ldr     sp, =kernel_stack_top
        b       trap_system

@ SYS_ASKED, which most requests use: returns an argument of the caller in R1.
asked:  ldr     r4, [sp, #FRAME_METHOD]
        sub     r5, r1, #1
        cmp     r4, #0
        beq     slow_system
        cmp     r5, #2
        bhi     slow_system
        sub     r4, sp, #FRAME_SIZE
        ldr     r1, [r4, r1, lsl #2]
        mov     r0, #0
        stm     sp, {r0, r1}
        ldr     lr, [sp, #FRAME_PC]
        ldm     sp, {r0-lr}^
        nop
        movs    pc, lr
        .ltorg

@ R0, R1: the results. SP: the activation that ends.
        .global return_begin
return_begin:
        ldr     r4, [sp, #FRAME_OBJECT]
        ldr     r5, [sp, #FRAME_METHOD]
        cmp     r5, #0
        beq     slow_return
        ldr     r7, [r5, #METHOD_HIGHEST]
        cmp     r0, #0
        blt     slow_return                     @ an error is confirmed
        cmp     r0, r7
        bgt     slow_return
        ldr     r6, [sp, #FRAME_SP]
        ldr     r9, [sp, #FRAME_STACK]
        cmp     r6, r9
        bne     slow_return
        ldr     r6, [r4, #OBJECT_ATTENTION]
        cmp     r6, #0
        bne     attention
attended:
        ldr     r6, [sp, #FRAME_OBJECT - FRAME_SIZE]
        ldr     r6, [r6, #OBJECT_DACR]
        cmp     r6, #0
        beq     slow_return
        ldr     r8, [sp, #FRAME_SSR]
        cmp     r8, #0
        bne     return_state
leave:  ldr     r5, [sp, #FRAME_TOP]
        ldr     r7, [r4, #OBJECT_STACKS]
        ldr     r8, [r4, #OBJECT_OPEN_GATE]
        str     r5, [r7, #-4]!
        str     r7, [r4, #OBJECT_STACKS]
        str     r8, [r4, #OBJECT_GATE]
        mcr     p15, 0, r6, c3, c0, 0
        sub     sp, sp, #FRAME_SIZE
        ldr     r5, [sp, #FRAME_PSR]
        ldr     lr, [sp, #FRAME_PC]
        msr     spsr_cxsf, r5
        add     r2, sp, #8
        ldm     r2, {r2-lr}^                    @ all except the results
        nop
        .global call_returned
call_returned:
        movs    pc, lr

return_state:
        ldrb    r5, [r8, #SSR_KIND]
        cmp     r5, #MODE_MAPPED
        bne     1f
        ldr     r9, [r8, #SSR_ADDRESS]
        ldr     r7, [r4, #OBJECT_TAG]
        ldr     r10, [r9]
        cmp     r7, r10
        bne     slow_return
        ldr     r7, [r8, #SSR_PTE]
        ldr     r11, [r8, #SSR_MASK]
        ldr     r10, [r7]
        bic     r10, r10, r11
        str     r10, [r7]
        mcr     p15, 0, r9, c7, c10, 4
        mcr     p15, 0, r9, c8, c6, 1
        str     r5, [r8, #SSR_MODE]
        b       leave
1:      cmp     r5, #MODE_PACKED
        bne     3f
        ldr     r12, [sp, #FRAME_TOP]
        ldr     r7, [r4, #OBJECT_TAG]
        ldr     r10, [r9]
        cmp     r7, r10
        bne     slow_return
        str     r5, [r8, #SSR_MODE]
        ldrh    r11, [r8, #SSR_BYTES]
        mov     lr, #0
        add     r10, r8, #SSR_SIZE
        add     r11, r10, r11                   @ the second copy
2:      ldm     r9!, {r0-r3}
        add     lr, r0, lr, ror #5
        add     lr, r1, lr, ror #5
        add     lr, r2, lr, ror #5
        add     lr, r3, lr, ror #5
        stm     r10!, {r0-r3}
        stm     r11!, {r0-r3}
        cmp     r9, r12
        bne     2b
        str     lr, [r8, #SSR_SUM]
        ldm     sp, {r0, r1}
        b       leave
3:      cmp     r5, #MODE_OPEN
        beq     leave
        b       slow_return

@ An object that is checked: a packed state must be within its limits, a Guarded state must have the sum zero, the code
@ must be undamaged. Then the checksum of the private data is recorded.
attention:
        cmp     r6, #OBJECT_ATTENTION_CHECKS
        bne     slow_return
        ldr     r8, [sp, #FRAME_SSR]
        cmp     r8, #0
        beq     check_code
        ldrb    r5, [r8, #SSR_KIND]
        cmp     r5, #MODE_PACKED
        bne     slow_return
        add     r5, r4, #OBJECT_LIMITS_START
        ldm     r5, {r5, r10}
1:      cmp     r5, r10
        beq     2f
        ldm     r5!, {r0-r3}                    @ a, b, lowest, span
        ldr     r0, [r9, r0]
        cmp     r1, #0
        ldrne   r1, [r9, r1]
        sub     r0, r0, r1
        sub     r0, r0, r2
        cmp     r0, r3
        bls     1b
        b       slow_return
2:      ldr     r5, [r4, #OBJECT_GUARDED]
        cmp     r5, #0
        beq     check_code
        ldr     r12, [sp, #FRAME_TOP]
        mov     r10, #0
        mov     r11, r9
1:      ldm     r11!, {r0-r3}
        add     r10, r10, r0
        add     r10, r10, r1
        add     r10, r10, r2
        add     r10, r10, r3
        cmp     r11, r12
        bne     1b
        cmp     r10, #0                         @ the sum of a Guarded state
        bne     slow_return
check_code:
        ldr     r0, [r4, #OBJECT_RAN]
        mov     r8, sp
        cmp     r0, #0
        bne     3f
        add     r5, r4, #OBJECT_CODE_START
        ldm     r5, {r0, r1, r5, r6}            @ its start, size and sum
        cmp     r1, #0
        beq     2f
        ldr     sp, =kernel_stack_top
        bl      code_sum
        mov     sp, r8
        cmp     r0, r5
        cmpeq   r1, r6
        bne     slow_return
2:      mov     r8, r4
        bl      private_sum
        mov     r4, r8
        str     r11, [r4, #OBJECT_PRIVATE_SUM]
        ldr     r5, [r4, #OBJECT_DACR]
        str     r5, [r4, #OBJECT_CHECKED_GATE]
        ldm     sp, {r0, r1}
        b       attended
3:      ldr     sp, =kernel_stack_top
        bl      code_passes                     @ the granules that have run
        mov     sp, r8
        cmp     r0, #0
        bne     2b

slow_return:
        mov     r0, sp
        ldr     sp, =kernel_stack_top
        b       trap_return
        .ltorg

@ idle(): waits for an interrupt, handles it, and dispatches. The registers contain nothing of what was done before, so
@ that states of a waiting system can be compared.
        .global idle
        .cfi_sections .debug_frame
        .cfi_startproc
        .cfi_undefined lr
idle:   ldr     sp, =kernel_stack_top
        ldr     r0, =nothing
        ldm     r0, {sp, lr}^
        movs    r0, #0
        msr     spsr_cxsf, r0
        mov     r1, #1                          @ the kernel's domain
        mcr     p15, 0, r1, c3, c0, 0
        mov     r1, r0
        mov     r2, r0
        mov     r3, r0
        mov     r4, r0
        mov     r5, r0
        mov     r6, r0
        mov     r7, r0
        mov     r8, r0
        mov     r9, r0
        mov     r10, r0
        mov     r11, r0
        mov     r12, r0
        mov     lr, r0
        mcr     p15, 0, r0, c7, c0, 4
        bl      INTERRUPT
        b       DISPATCH
        .cfi_endproc
        .ltorg

@ resume(frame, dacr): resumes an activation; the end of a context switch.
        .global resume, resumed
resume: mcr     p15, 0, r1, c3, c0, 0
        mov     sp, r0
        ldr     r1, [sp, #FRAME_PSR]
        ldr     lr, [sp, #FRAME_PC]
        msr     spsr_cxsf, r1
        ldm     sp, {r0-lr}^
        nop
resumed:
        movs    pc, lr

        .bss
        .balign 8
        .global kernel_stack_top
        .space  4096
kernel_stack_top:
scratch:
        .space  64
nothing:
        .space  8
