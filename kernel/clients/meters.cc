// Clients for measuring the speed of calls and of granted memory from outside: each works forever and prints the same
// line repeatedly.
#include "client.h"

namespace curios {

constexpr u32 METERS = 54;
constexpr u32 CALLS = 5000, WALKS = 50, TURNS = 100;

// The number of calls that did not return the expected result.
static u32 wrong_calls(Handle h, u32 method, u32 count, u32 a, u32 b, i32 wanted) {
  u32 wrong = 0;
  for (u32 i = 0; i < count; i++)
    if (call(h, method, a, b) != wanted) wrong++;
  return wrong;
}

// What a line counts.
enum Work : u32 { CALL, CALL_WITH_STATE, WALK_STATE, WALK_PRIVATE };

static void work(Report &report, Line &line, Work what, Handle meter) {
  auto wrong = [&](u32 method, u32 count, u32 a, u32 b, i32 wanted) {
    u32 all = wrong_calls(meter, method, count, a, b, wanted);
    report.record(METER_ID, method, static_cast<i32>(all));
    return all;
  };
  switch (what) {
    case CALL:
      line << CALLS << " calls, wrong: " << wrong(METER_NOTHING, CALLS, 7, 0, 7);
      break;
    case CALL_WITH_STATE:
      line << CALLS << " calls with a state, wrong: " << wrong(METER_TOUCH, CALLS, 0, 0, OK);
      break;
    case WALK_STATE:
      line << WALKS << " walks through the state, wrong: " << wrong(METER_TURN, WALKS, TURNS, 0, 1);
      break;
    case WALK_PRIVATE:
      line << WALKS << " walks through private memory, wrong: " << wrong(METER_TURN, WALKS, TURNS, 1, 1);
      break;
  }
}

// The lines of each meter: one kind, or two in turn, so that disturbances of the host affect both alike.
constexpr Work LINES[][2] = {{CALL, CALL},
                             {CALL_WITH_STATE, CALL_WITH_STATE},
                             {WALK_STATE, WALK_STATE},
                             {WALK_PRIVATE, WALK_PRIVATE},
                             {CALL, CALL_WITH_STATE},
                             {WALK_PRIVATE, WALK_STATE}};

static void meter(u32 base) {
  u32 kind = (base - SECTIONS) / SECTION - METERS;
  Report report("meter", kind);
  // Without a connection there is no state to be granted.
  Handle plain = lookup("meter"), connected = lookup("meter");
  report.expect("connect", OK, connect(connected), connected);
  report.expect("fill", OK, call(connected, METER_FILL), connected);
  for (;;)
    for (Work what : LINES[kind]) {
      Line line;
      work(report, line, what, what == CALL ? plain : connected);
      report.say(line);
    }
}

CLIENT(meter0, "meter0", METERS + 0, meter)
CLIENT(meter1, "meter1", METERS + 1, meter)
CLIENT(meter2, "meter2", METERS + 2, meter)
CLIENT(meter3, "meter3", METERS + 3, meter)
CLIENT(meter4, "meter4", METERS + 4, meter)
CLIENT(meter5, "meter5", METERS + 5, meter)

}  // namespace curios
