// Shared code of the services that measure the cost of one check, or of a larger state: a method that changes the state
// and private data. They have an image of their own, measure/checks.
#pragma once
#include <curios/descriptor.h>

namespace curios {

constexpr u32 METERED_STATE = 64;

template <u32 BYTES>
struct Metered {
  Guarded guard;
  u32 touched;
  u32 words[BYTES / sizeof(u32) - 3];
};

static volatile u32 own[16];
static_assert(sizeof own == 64);

template <u32 BYTES>
static i32 touch(Metered<BYTES> *s) {
  if (s == nullptr) return NOT_CONNECTED;
  s->guard.set(s->touched, s->touched + 1);
  own[s->touched % 16] = s->touched;
  return OK;
}

// Further arguments after the size of the state: the check to measure.
#define METERED(name_, id_, bytes_, ...)                                                          \
  METHODS = {{ENTRY(touch<bytes_>), NOT_CONNECTED, OK, "touch"}};                                 \
  SERVICE(name_, id_, .state_bytes = sizeof(Metered<bytes_>), .tag = 0x4d540001, .deadline = 20, __VA_ARGS__)

}  // namespace curios
