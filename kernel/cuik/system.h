// What system calls have in common.
#pragma once
#include "kernel.h"

namespace curios {

// The results of a system call, R0 and R1, in one word that comes back in registers.
using Reply = u64;
constexpr Reply reply(i32 value, u32 more) { return static_cast<u64>(more) << 32 | static_cast<u32>(value); }

// What no service means to do: its registers are wrong. Clients get an error.
Reply nonsense(Thread *t);

// device.cc
Reply read_register(Thread *t, u32 a, u32 b, u32 c);
Reply write_register(Thread *t, u32 a, u32 b, u32 c);
Reply stream(Thread *t, u32 a, u32 b, u32 c);
Reply steps(Thread *t, u32 a, u32 b, u32 c);

}  // namespace curios
