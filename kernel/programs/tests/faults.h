// Code that may take an exception, run so that the exception is a result: which vector, what it left in its registers.
#pragma once
#include "cp15.h"

enum Vector : u32 { NONE, UNDEFINED, SOFTWARE_INTERRUPT, PREFETCH_ABORT, DATA_ABORT, RESERVED, IRQ, FIQ };

// What the last exception left. The layout is known to faults.S.
struct Fault {
  u32 vector;
  u32 lr;        // of the exception's mode
  u32 spsr;
  u32 data_status, instruction_status, address;  // CP15 c5 (0 and 1), c6
  u32 cpsr;      // on entry
  u32 r4, r5, r6, r7;
  u32 r0;
};
extern "C" Fault last;

using Code = u32(u32, u32);

// Calls f(a, b) in supervisor mode; the vector of the exception that ended it, or NONE.
extern "C" u32 attempt(Code *f, u32 a, u32 b);
// The same in user mode; f ends by a return, which takes SOFTWARE_INTERRUPT at `user_return`.
extern "C" u32 attempt_user(Code *f, u32 a, u32 b);
extern "C" u32 user_return[];

// Copies the vectors to an address (0, or where the high vectors are).
void install_vectors(u32 address);

// When set, IRQ and FIQ call these and then return to what was interrupted.
extern "C" void (*irq_hook)();
extern "C" void (*fiq_hook)();
void interrupts(bool irq, bool fiq);  // enabled or masked

// Prints "what: vector, LR relative to f, SPSR's low byte, status and address of an abort".
void report(const char *what, u32 vector, Code *f);
void say(const char *what, u32 value);
void check(const char *what, bool good);
