// What the speed of calls and of granted memory is measured with, from outside: each works for ever and prints the same
// line again and again.
#include "client.h"

namespace curios {

constexpr u32 METERS = 54;
constexpr u32 CALLS = 5000, WALKS = 50, TURNS = 100;

// How many of so many calls did not give what was wanted.
static u32 wrong_calls(Handle h, u32 method, u32 count, u32 a, u32 b, i32 wanted) {
  u32 wrong = 0;
  for (u32 i = 0; i < count; i++)
    if (call(h, method, a, b) != wanted) wrong++;
  return wrong;
}

static void meter(u32 base) {
  u32 kind = (base - REGIONS) / SECTION - METERS;
  Report report("meter", kind);
  Handle counter = lookup("counter");
  // Without a connection there is no state to be granted.
  if (kind != 0) report.expect("connect", OK, connect(counter), counter);
  if (kind > 1)
    for (u32 i = 1; i <= COUNTER_HISTORY; i++) report.expect("add", static_cast<i32>(i), call(counter, COUNTER_ADD, i), counter);
  for (;;) {
    Line line;
    switch (kind) {
      case 0:
        line << CALLS << " calls, wrong: " << wrong_calls(counter, COUNTER_NOTHING, CALLS, 7, 0, 7);
        break;
      case 1:
        line << CALLS << " calls with a state, wrong: " << wrong_calls(counter, COUNTER_TOUCH, CALLS, 0, 0, OK);
        break;
      case 2:
        line << WALKS << " walks through the state, wrong: " << wrong_calls(counter, COUNTER_TURN, WALKS, TURNS, 0, 1);
        break;
      default:
        line << WALKS << " walks through private memory, wrong: " << wrong_calls(counter, COUNTER_TURN, WALKS, TURNS, 1, 1);
        break;
    }
    report.say(line);
  }
}

CLIENT(meter0, "meter0", METERS + 0, meter)
CLIENT(meter1, "meter1", METERS + 1, meter)
CLIENT(meter2, "meter2", METERS + 2, meter)
CLIENT(meter3, "meter3", METERS + 3, meter)

}  // namespace curios
