// Shared declarations of the system calls.
#pragma once
#include "kernel.h"

namespace curios {

// The results of a system call: R0, and R1 where the call defines it.
struct Reply {
  i32 value = OK;
  u32 more = 0;
  bool has_more = false;
};

struct Arguments {
  u32 a, b, c;
};

// A request that no correct service makes, so its registers are damaged: a fault. A client gets an error.
Reply nonsense(Thread *t);

// device.cc
Reply read_register(Thread *t, Arguments x);
Reply write_register(Thread *t, Arguments x);
Reply stream(Thread *t, Arguments x);
Reply steps(Thread *t, Arguments x);

}  // namespace curios
