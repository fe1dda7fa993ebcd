// What system calls have in common.
#pragma once
#include "kernel.h"

namespace curios {

// The results of a system call: R0 and, where it has something to say there, R1.
struct Reply {
  i32 value = OK;
  u32 more = 0;
  bool has_more = false;
};

struct Arguments {
  u32 a, b, c;
};

// What no service means to do: its registers are wrong. Clients get an error.
Reply nonsense(Thread *t);

// device.cc
Reply read_register(Thread *t, Arguments x);
Reply write_register(Thread *t, Arguments x);
Reply stream(Thread *t, Arguments x);
Reply steps(Thread *t, Arguments x);

}  // namespace curios
