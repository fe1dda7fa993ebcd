// The timer service: one timer a client, one-shot or periodic. All that it knows of a client is in the client's state;
// its own data is only a count of the timers that run, made anew in recovery.
#include <curios/descriptor.h>

namespace curios {

struct State {
  u32 tag;
  u32 period;     // milliseconds, 0 for one-shot
  u64 next;       // microseconds since boot, 0 when it does not run
  u32 expired;    // since the last wait
  u32 sum;        // of all expiries, which clients may check
};

static u32 running;

static void advance(State *s, u64 now) {
  while (s->next != 0 && s->next <= now) {
    s->expired++;
    if (s->period != 0) {
      s->next += static_cast<u64>(s->period) * 1000;
    } else {
      s->next = 0;
      running--;
    }
  }
}

static i32 set(State *s, u32 milliseconds, u32 period) {
  if (s == nullptr) return NOT_CONNECTED;
  if (milliseconds == 0 || milliseconds > 1000000 || period > 1000000) return BAD_ARGUMENT;
  if (s->next == 0) running++;
  s->period = period;
  s->expired = 0;
  s->next = microseconds() + static_cast<u64>(milliseconds) * 1000;
  system(SYS_PUBLISH);
  return OK;
}

static i32 wait_for_expiry(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  for (;;) {
    u64 now = microseconds();
    advance(s, now);
    if (s->expired != 0) break;
    if (s->next == 0) return ABSENT;
    u32 left = static_cast<u32>(s->next - now);
    wait(caller(), left / 1000 + 1);
  }
  i32 count = static_cast<i32>(s->expired);
  s->sum += s->expired;
  s->expired = 0;
  system(SYS_PUBLISH);
  return count;
}

static i32 cancel(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  if (s->next != 0) running--;
  s->next = 0;
  s->expired = 0;
  system(SYS_PUBLISH);
  return OK;
}

static i32 left(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  u64 now = microseconds();
  advance(s, now);
  return s->next == 0 ? static_cast<i32>(ABSENT) : static_cast<i32>(static_cast<u32>(s->next - now) / 1000);
}

static i32 recover(State *s, u32) {
  if (s->period > 1000000 || s->next > microseconds() + 1000000000ull) return BAD_ARGUMENT;
  if (s->next != 0) running++;
  return OK;
}

INTROSPECTION = {
    FIELD_OF("timer", State, period),
    FIELD_AS("timer", State, next, Show::MICROSECONDS),
    FIELD_OF("timer", State, expired),
    FIELD_OF("timer", State, sum),
};

METHODS = {
    {ENTRY(set), NOT_CONNECTED, OK, "set"},
    {ENTRY(wait_for_expiry), NOT_CONNECTED, 1000000, "wait"},
    {ENTRY(cancel), NOT_CONNECTED, OK, "cancel"},
    {ENTRY(left), NOT_CONNECTED, 1000000, "left"},
};

SERVICE(timer, TIMER_ID, .recover = ENTRY(recover), .state_bytes = sizeof(State), .tag = 0x54490001, .deadline = 20)

}  // namespace curios
