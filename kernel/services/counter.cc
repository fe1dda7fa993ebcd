// The smallest service with a state: a counter and its last additions. An example to start from.
#include <curios/descriptor.h>

namespace curios {

struct State {
  Guarded guard;
  u32 count;
  u32 history[COUNTER_HISTORY];
};

constexpr u32 MOST = 1000;   // maximum of one addition

static i32 nothing(State *, u32 a) { return static_cast<i32>(a & 0xff); }

static i32 add(State *s, u32 n) {
  if (s == nullptr) return NOT_CONNECTED;
  if (n > MOST) return BAD_ARGUMENT;
  s->guard.set(s->history[s->count % COUNTER_HISTORY], n);
  s->guard.set(s->count, s->count + 1);
  check(s->history[(s->count - 1) % COUNTER_HISTORY] == asked(1));
  system(SYS_PUBLISH);
  return static_cast<i32>(s->count);
}

static i32 sum(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  i32 total = 0, again = 0;
  for (u32 n : s->history) total += static_cast<i32>(n);
  for (u32 i = COUNTER_HISTORY; i > 0; i--) again += static_cast<i32>(s->history[i - 1]);
  check(total == again);
  return total;
}

// Touches the state and nothing else.
static i32 touch(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  s->guard.set(s->history[0], s->count & 0xff);
  return OK;
}

// Rotates the history once around, `times` times; or as many words of private memory, for comparison.
static i32 turn(State *s, u32 times, u32 own) {
  static u32 words[COUNTER_HISTORY] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  if (s == nullptr) return NOT_CONNECTED;
  if (times > 1000) return BAD_ARGUMENT;
  u32 before[COUNTER_HISTORY];
  for (u32 i = 0; i < COUNTER_HISTORY; i++) before[i] = (own != 0 ? words : s->history)[i];
  for (u32 n = times * COUNTER_HISTORY; n > 0; n--) {
    auto put = [&](u32 i, u32 value) {
      if (own != 0)
        words[i] = value;
      else
        check(value <= MOST), s->guard.set(s->history[i], value);
    };
    const u32 *p = own != 0 ? words : s->history;
    u32 first = p[0];
    for (u32 i = 1; i < COUNTER_HISTORY; i++) put(i - 1, p[i]);
    put(COUNTER_HISTORY - 1, first);
  }
  const u32 *turned = asked(2) != 0 ? words : s->history;
  for (u32 i = 0; i < COUNTER_HISTORY; i++) check(turned[i] == before[i]);
  return static_cast<i32>(turned[0]);
}

static i32 recover(State *s, u32) {
  u32 all = 0;
  for (u32 n : s->history) all |= n;
  return all < 1024 ? static_cast<i32>(OK) : static_cast<i32>(BAD_ARGUMENT);
}

INTROSPECTION = {
    FIELD_OF("counter", State, count),
    FIELD_OF("counter", State, history),
};

METHODS = {
    {ENTRY(nothing), 0, 0xff, "nothing"},
    {ENTRY(add), NOT_CONNECTED, 0x7fffffff, "add"},
    {ENTRY(sum), NOT_CONNECTED, COUNTER_HISTORY * MOST, "sum"},
    {ENTRY(touch), NOT_CONNECTED, OK, "touch"},
    {ENTRY(turn), NOT_CONNECTED, 1000, "turn"},
};

SERVICE(counter, COUNTER_ID, .recover = ENTRY(recover), .state_bytes = sizeof(State), .tag = 0x434e0001, .deadline = 20,
        .checks = CHECK_PRIVATE | CHECK_CODE | CHECK_WRITES)

}  // namespace curios
