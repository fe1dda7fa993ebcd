// A service for measuring calls, grants and accesses to states. Its state has 64 bytes; it stores nothing between
// requests and requests no checks.
#include <curios/descriptor.h>

namespace curios {

struct State {
  u32 tag;
  u32 touched;
  u32 words[METER_WORDS];
};
static_assert(sizeof(State) == 64);

static i32 nothing(State *, u32 a) { return static_cast<i32>(a & 0xff); }

// Changes the state and does nothing else.
static i32 touch(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  s->touched++;
  return OK;
}

static i32 fill(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  for (u32 i = 0; i < METER_WORDS; i++) s->words[i] = i + 1;
  return OK;
}

// Rotates the words of the state by one, `times` times; or as many words of private memory, for comparison. Returns the
// first one.
static i32 turn(State *s, u32 times, u32 own) {
  static u32 words[METER_WORDS] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
  if (s == nullptr) return NOT_CONNECTED;
  if (times > 1000) return BAD_ARGUMENT;
  volatile u32 *p = own != 0 ? words : s->words;
  for (u32 n = times * METER_WORDS; n > 0; n--) {
    u32 first = p[0];
    for (u32 i = 1; i < METER_WORDS; i++) p[i - 1] = p[i];
    p[METER_WORDS - 1] = first;
  }
  return static_cast<i32>(p[0]);
}

INTROSPECTION = {
    FIELD_OF("meter", State, touched),
    FIELD_OF("meter", State, words),
};

METHODS = {
    {ENTRY(nothing), 0, 0xff, "nothing"},
    {ENTRY(touch), NOT_CONNECTED, OK, "touch"},
    {ENTRY(fill), NOT_CONNECTED, OK, "fill"},
    {ENTRY(turn), NOT_CONNECTED, METER_WORDS, "turn"},
};

SERVICE(meter, METER_ID, .state_bytes = sizeof(State), .tag = 0x4d450001, .deadline = 20)

}  // namespace curios
