// A state machine that recognises numbers in random text: a switch per character.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0xf280bc8b;

namespace {
char text[32768];
enum State { START, SIGN, INTEGER, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID };

[[gnu::noinline]] State step(State state, char c) {
  bool digit = c >= '0' && c <= '9';
  switch (state) {
  case START:
    return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? FRACTION : INVALID;
  case SIGN:
    return digit ? INTEGER : c == '.' ? FRACTION : INVALID;
  case INTEGER:
    return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : INVALID;
  case FRACTION:
    return digit ? FRACTION : c == 'e' ? EXPONENT : INVALID;
  case EXPONENT:
    return digit ? SCIENTIFIC : c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
  case EXPONENT_SIGN:
  case SCIENTIFIC:
    return digit ? SCIENTIFIC : INVALID;
  default:
    return INVALID;
  }
}
} // namespace

u32 unit() {
  Random random;
  for (char &c : text)
    c = "0123456789012345+-.e,,,,"[random.next() % 24];
  u32 counts[8] = {};
  State state = START;
  for (char c : text) {
    if (c == ',') {
      counts[state]++;
      state = START;
    } else {
      state = step(state, c);
    }
  }
  u32 sum = 0;
  for (u32 n : counts)
    sum = sum * 1009 + n;
  return sum;
}
