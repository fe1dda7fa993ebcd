// Shared declarations of the system calls.
#pragma once
#include "kernel.h"

namespace curios {

// The results of a system call, R0 and R1, in one double word, which is returned in registers.
using Reply = u64;
constexpr Reply reply(i32 value, u32 more) { return static_cast<u64>(more) << 32 | static_cast<u32>(value); }

// A request that no correct service makes, so its registers are damaged: a fault. A client gets an error.
Reply nonsense(Thread *t);

// device.cc
Reply read_register(Thread *t, u32 a, u32 b, u32 c);
Reply write_register(Thread *t, u32 a, u32 b, u32 c);
Reply stream(Thread *t, u32 a, u32 b, u32 c);
Reply steps(Thread *t, u32 a, u32 b, u32 c);

}  // namespace curios
