// A service that tries to do what no object may do.
#include "tests.h"

namespace curios {

struct State {
  u32 tag;
  u32 value;
};

static State *saved;

static i32 eat_stack(u32 depth) {
  volatile u32 room[32];
  for (u32 i = 0; i < 32; i++) room[i] = depth + i;
  return depth == 0 ? 0 : eat_stack(depth - 1) + static_cast<i32>(room[depth % 32] & 1);
}

static i32 act(State *s, u32 what, u32 address) {
  volatile u32 *p = reinterpret_cast<volatile u32 *>(address);
  switch (static_cast<Evil>(what)) {
    case Evil::READ:
      return static_cast<i32>(*p & 0xff);
    case Evil::WRITE:
      *p = 0x45564c21;
      return 1;
    case Evil::JUMP:
      reinterpret_cast<void (*)()>(address)();
      return 1;
    case Evil::SAVE:
      saved = s;
      return 0;
    case Evil::READ_SAVED:
      return saved == nullptr ? -99 : static_cast<i32>(saved->value & 0xff);
    case Evil::CP15_READ: {
      u32 value;
      asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(value));
      return static_cast<i32>(value & 0xff);
    }
    case Evil::CP15_WRITE:
      asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(~0u));
      return 1;
    case Evil::MASK_AND_HANG:
      asm volatile("msr cpsr_c, #0xd3");
      for (;;) {
      }
    case Evil::MODE: {
      u32 psr;
      asm volatile("msr cpsr_c, #0xdf\n mrs %0, cpsr" : "=r"(psr));
      return static_cast<i32>(psr & 0x1f);
    }
    case Evil::BREAK_STACK:
      asm volatile("sub sp, sp, #8\n mov r0, #0\n mov r12, #0\n svc #0");
      return 1;
    case Evil::EAT_STACK:
      return eat_stack(1000);
    case Evil::EAT_HEAP:
      for (u32 a = section(EVIL_ID) + HEAP;; a += GRANULE) *reinterpret_cast<volatile u32 *>(a) = a;
    case Evil::FAULT_ALWAYS:
      check(false);
      return 1;
    case Evil::OWN_STATE:
      s->value = address;
      return static_cast<i32>(s->value & 0xff);
    case Evil::OWN_TAG:
      s->tag = 0;
      return 1;
    case Evil::SVC_FROM_THE_MIDDLE:
      asm volatile("mov r12, %0\n svc #0" ::"r"(address) : "r0", "r1", "r12", "memory");
      return 2;
    case Evil::COMMIT_BELOW:  // with SP below the stack
      asm volatile("mov r4, sp\n sub sp, sp, %0\n mov r12, %1\n svc #0\n mov sp, r4"
                   ::"r"(address), "r"(SYS_COMMIT) : "r0", "r1", "r4", "r12", "memory");
      return 1;
    default:
      return BAD_ARGUMENT;
  }
}

static i32 set(State *s, u32 value) {
  if (s == nullptr) return NOT_CONNECTED;
  s->value = value;
  return OK;
}

// Makes an arbitrary system call or protected call.
static i32 any(State *, u32 number, u32 a, u32 b) {
  i32 result = trap(number, a, b, section(EVIL_ID)).value;
  return result < -100 ? -100 : result;
}

// States with value 666 are poison to it.
static i32 recover(State *s, u32) {
  check(s->value != 666);
  return OK;
}

METHODS = {
    {ENTRY(act), -100, 0xffff, "act"}, {ENTRY(set), -100, OK, "set"}, {ENTRY(any), -100, 0x7fffffff, "any"}};

SERVICE(evil, EVIL_ID, .recover = ENTRY(recover), .state_bytes = sizeof(State), .tag = 0x45560001, .heap_limit = 0x4000,
        .quota = 0x100, .deadline = 5, .longest_wait = FOREVER)

}  // namespace curios
