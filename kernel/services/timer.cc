// The timer service: one timer per client, one-shot or periodic. All that it knows of a client is in the client's
// state.
#include <curios/descriptor.h>

namespace curios {

constexpr u32 LONGEST = 1000000;  // milliseconds
constexpr u32 US = 1000;
constexpr u32 TAG = 0x54490001;
constexpr u32 NAP = 50;           // milliseconds after which a waiting request checks again, so that a wrong time has no
                                  // lasting effect
constexpr u32 MOST = 1000000;     // maximum count of expiries

struct State {
  Guarded guard;
  u32 period;     // milliseconds, 0 for one-shot
  u64 start;      // microseconds since boot; 0 if it is not running
  u32 after;      // from there to the next expiry, in microseconds; 0: not running
  u32 expired;    // since the last wait
  u32 sum;        // of all expiries; clients may check it
};

// By shift and subtraction; saturates at 32 bits.
static u32 divide(u64 n, u32 by) {
  if (n >> 32 >= by) return ~0u;
  u64 rest = 0;
  u32 quotient = 0;
  for (i32 bit = 63; bit >= 0; bit--) {
    rest = rest << 1 | (n >> bit & 1);
    quotient <<= 1;
    if (rest >= by) rest -= by, quotient |= 1;
  }
  return quotient;
}

static void advance(State *s, u64 now) {
  if (s->after == 0 || s->start + s->after > now) return;
  u32 first = s->after, before = s->expired;
  u64 start = s->start;
  s->guard.set(s->after, s->period * US);
  s->guard.set(s->start, s->start + first);
  u32 more = s->after == 0 || s->start + s->after > now ? 0 : divide(now - s->start, s->after);
  s->guard.set(s->start, s->start + static_cast<u64>(more) * s->after);
  s->guard.set(s->expired, more < MOST - s->expired ? s->expired + 1 + more : MOST);
  // The number of expiries, from the times.
  const State *now_is = anew(s);
  u32 gained = now_is->expired - before;
  u64 passed = now_is->start - start - first, counted = static_cast<u64>(gained - 1) * now_is->after;
  check(now_is->expired == MOST ? gained == 0 || passed >= counted : now_is->after == 0 ? gained == 1 : passed == counted);
  if (s->after == 0) s->guard.set(s->start, static_cast<u64>(0));
  // A request would sleep until a wrong time and seem to hang.
  check(s->start <= now && s->after == s->period * fresh<US>() && (s->after == 0 || now - s->start < s->after));
}

// Each call selects the operation again.
[[gnu::noinline]] static u64 clock() { return microseconds(); }

static i32 set(State *s, u32 milliseconds, u32 period) {
  if (s == nullptr) return NOT_CONNECTED;
  if (milliseconds == 0 || milliseconds > LONGEST || period > LONGEST) return BAD_ARGUMENT;
  // Before anything changes: with a wrong start the state would be refused for good.
  u64 before = clock(), now = clock();
  check(before <= now && now <= clock());
  s->guard.set(s->period, period);
  s->guard.set(s->expired, 0u);
  s->guard.set(s->start, now);
  s->guard.set(s->after, milliseconds * US);
  check(s->start <= microseconds() && s->after == asked(1) * fresh<US>() && s->period == asked(2) && s->guard.tag == fresh<TAG>());
  system(SYS_PUBLISH);
  return OK;
}

static i32 wait_for_expiry(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  for (;;) {
    u64 now = microseconds();
    check(s->guard.tag == TAG && s->start <= now && s->after <= LONGEST * US);
    advance(s, now);
    check(s->guard.tag == fresh<TAG>());
    if (s->expired != 0) break;
    if (s->after == 0) {
      check(anew(s)->guard.tag == fresh<TAG>() && s->after == 0);
      return ABSENT;
    }
    u32 left = static_cast<u32>(s->start + s->after - now);
    u32 nap = left / US + 1;
    if (wait(caller(), nap < NAP ? nap : NAP) == TIMED_OUT) return TIMED_OUT;
  }
  u32 count = s->expired, sum = s->sum;
  s->guard.set(s->sum, s->sum + s->expired);
  s->guard.set(s->expired, 0u);
  check(count != 0 && anew(s)->sum - sum == count);
  system(SYS_PUBLISH);
  check(anew(s)->sum - sum == count);   // what is returned is still that
  return static_cast<i32>(count);
}

static i32 cancel(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  s->guard.set(s->after, 0u);
  s->guard.set(s->start, static_cast<u64>(0));
  s->guard.set(s->expired, 0u);
  system(SYS_PUBLISH);
  return OK;
}

// Milliseconds to the next expiry, or ABSENT.
[[gnu::noinline]] static i32 rest(const State *s, u64 now) {
  return s->after == 0 ? static_cast<i32>(ABSENT) : static_cast<i32>(static_cast<u32>(s->start + s->after - now) / US);
}

static i32 left(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  u64 now = microseconds();
  check(s->guard.tag == TAG && s->start <= now && s->after <= LONGEST * US);
  advance(s, now);
  check(s->guard.tag == fresh<TAG>());
  i32 result = rest(s, now);
  check(rest(anew(s), now) == result && now <= microseconds());
  return result;
}

static i32 recover(State *s, u32) { return s->start > microseconds() ? BAD_ARGUMENT : OK; }

INTROSPECTION = {
    FIELD_OF("timer", State, period),
    FIELD_AS("timer", State, start, Show::MICROSECONDS),
    FIELD_OF("timer", State, after),
    FIELD_OF("timer", State, expired),
    FIELD_OF("timer", State, sum),
};

LIMITS = {
    WORD_LIMIT(State, period, 0, LONGEST),
    WORD_LIMIT(State, after, 0, LONGEST *US),
};

METHODS = {
    {ENTRY(set), NOT_CONNECTED, OK, "set"},
    {ENTRY(wait_for_expiry), TIMED_OUT, MOST, "wait"},
    {ENTRY(cancel), NOT_CONNECTED, OK, "cancel"},
    {ENTRY(left), NOT_CONNECTED, LONGEST, "left"},
};

SERVICE(timer, TIMER_ID, .recover = ENTRY(recover), .state_bytes = sizeof(State), .tag = TAG, .deadline = 20,
        .longest_wait = NAP, LIMITED, .checks = CHECK_CODE | CHECK_WRITES)

}  // namespace curios
