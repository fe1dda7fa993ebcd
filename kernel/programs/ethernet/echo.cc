// Two machines on a wire run this program. The one whose address ends in 56 sends frames of various lengths, waits for
// the echo of each, and retries if it is lost. The other echoes frames until one says that it was the last.
#include "chip.h"
using namespace chip;

constexpr u32 TYPE = 0x88b5;  // for experiments (IEEE 802)
constexpr u32 HEADER = 14, NUMBER = 14, LENGTH = 15, SUM = 17, DATA_AT = 19;
constexpr u32 PATIENCE = 20000;
constexpr u32 TRIES = 10;
constexpr u32 LAST = 0xff;
static const u32 lengths[] = {60, 61, 62, 63, 75, 128, 333, 1000, 1513, 1514};

static u8 own[6];
static u8 frame[2048], answer[2048];

static u32 sum(const u8 *f, u32 length) {
  u32 s = length;
  for (u32 i = DATA_AT; i < length; i++) s = s * 31 + f[i];
  return s & 0xffff;
}

static u32 make(u32 number, u32 length) {
  for (u32 i = 0; i < 6; i++) {
    frame[i] = 0xff;
    frame[6 + i] = own[i];
  }
  frame[12] = TYPE >> 8;
  frame[13] = TYPE & 0xff;
  for (u32 i = DATA_AT; i < length; i++) frame[i] = static_cast<u8>(i * 7 + number);
  frame[NUMBER] = static_cast<u8>(number);
  frame[LENGTH] = static_cast<u8>(length >> 8);
  frame[LENGTH + 1] = static_cast<u8>(length);
  u32 s = sum(frame, length);
  frame[SUM] = static_cast<u8>(s >> 8);
  frame[SUM + 1] = static_cast<u8>(s);
  return length;
}

// Whether a frame is ours and complete; short ones are padded.
static bool good(const u8 *f, u32 received) {
  u32 length = static_cast<u32>(f[LENGTH] << 8 | f[LENGTH + 1]);
  return f[12] == TYPE >> 8 && f[13] == (TYPE & 0xff) && length >= HEADER && length <= received &&
         sum(f, length) == static_cast<u32>(f[SUM] << 8 | f[SUM + 1]);
}

static bool comes() {
  for (u32 i = 0; i < PATIENCE; i++)
    if (interrupts() & RECEIVED) return true;
  return false;
}

static void ask() {
  u32 again = 0;
  for (u32 n = 0; n < 3 * sizeof lengths / sizeof lengths[0]; n++) {
    u32 length = make(n, lengths[n % (sizeof lengths / sizeof lengths[0])]);
    send(frame, length);
    while (true) {
      if (!comes()) {
        again++;
        send(frame, length);
      } else {
        u32 received = receive(answer);
        if (good(answer, received) && answer[NUMBER] == n) break;
      }
    }
    put_dec(length);
    put(' ');
  }
  for (u32 i = 0; i < TRIES; i++) {
    send(frame, make(LAST, 60));
    if (comes() && good(answer, receive(answer)) && answer[NUMBER] == LAST) break;
  }
  put("\nsent again: ");
  put_dec(again);
  put('\n');
}

static void answer_all() {
  u32 count = 0;
  while (true) {
    while (!(interrupts() & RECEIVED)) {
    }
    u32 received = receive(answer);
    if (!good(answer, received)) continue;
    bool last = answer[NUMBER] == LAST;
    for (u32 i = 0; i < 6; i++) {
      answer[i] = answer[6 + i];
      answer[6 + i] = own[i];
    }
    send(answer, received);
    if (last) break;
    count++;
  }
  put("answered: ");
  put_dec(count);
  put('\n');
}

int main() {
  start();
  for (u32 i = 0; i < 6; i += 2) {
    u32 w = get(1, ADDRESS + i);
    own[i] = static_cast<u8>(w);
    own[i + 1] = static_cast<u8>(w >> 8);
  }
  while (!(get(0, EPHSR) & 0x4000)) {
  }
  if (own[5] == 0x56)
    ask();
  else
    answer_all();
  return 0;
}
