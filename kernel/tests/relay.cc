// A service that calls another service for its client, for tests of nested calls.
#include "tests.h"

namespace curios {

struct State {
  u32 tag;
  Handle counter, evil, own;
  u32 passed;
};

static i32 open(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  s->counter = lookup("counter");
  s->evil = lookup("evil");
  s->own = lookup("relay");
  i32 result = connect(s->counter);
  return result != OK ? result : connect(s->evil);
}

static i32 add(State *s, u32 n) {
  if (s == nullptr) return NOT_CONNECTED;
  i32 result = call(s->counter, COUNTER_ADD, n);
  if (result >= 0) s->passed++;
  return result;
}

static i32 sum(State *s) { return s == nullptr ? static_cast<i32>(NOT_CONNECTED) : call(s->counter, COUNTER_SUM); }

static i32 itself(State *s) { return s == nullptr ? static_cast<i32>(NOT_CONNECTED) : call(s->own, RELAY_ADD, 1); }

static i32 evil(State *s, u32 what, u32 address) {
  return s == nullptr ? static_cast<i32>(NOT_CONNECTED) : call(s->evil, EVIL_DO, what, address);
}

// Crashes after its call of the counter has returned.
static i32 add_and_die(State *s, u32 n) {
  if (s == nullptr) return NOT_CONNECTED;
  i32 result = call(s->counter, COUNTER_ADD, n);
  check(false);
  return result;
}

static i32 recover(State *, u32) { return OK; }

METHODS = {
    {ENTRY(open), -100, OK, "open"},    {ENTRY(add), -100, 0x7fffffff, "add"},
    {ENTRY(sum), -100, 14000, "sum"},   {ENTRY(itself), -100, 0x7fffffff, "itself"},
    {ENTRY(evil), -100, 0x7fffffff, "evil"},
    {ENTRY(add_and_die), -100, 0x7fffffff, "die"},
};

SERVICE(relay, RELAY_ID, .recover = ENTRY(recover), .state_bytes = sizeof(State), .tag = 0x524c0001, .quota = 0x2000,
        .deadline = 20)

}  // namespace curios
