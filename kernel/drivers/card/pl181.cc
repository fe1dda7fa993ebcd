#include "pl181.h"

namespace curios::card {
namespace {

constexpr u32 POWER = 0x00, CLOCK = 0x04, ARGUMENT = 0x08, COMMAND = 0x0c, RESPONSE = 0x14, DATA_TIMER = 0x24,
              DATA_LENGTH = 0x28, DATA_CONTROL = 0x2c, STATUS = 0x34, CLEAR = 0x38, MASK = 0x3c, FIFO = 0x80;
constexpr u32 POWER_UP = 0x02, POWER_ON = 0x03, CLOCK_ON = 0x100;
constexpr u32 COMMAND_RESPONSE = 1 << 6, COMMAND_LONG = 1 << 7, COMMAND_GO = 1 << 10;
constexpr u32 DATA_ENABLE = 1, DATA_FROM_CARD = 2, BLOCKS_OF_512 = 9 << 4;
constexpr u32 COMMAND_BAD = 1 << 0, COMMAND_LATE = 1 << 2, COMMAND_ANSWERED = 1 << 6, COMMAND_SENT = 1 << 7;
constexpr u32 DATA_ERRORS = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9, DATA_END = 1 << 8;
constexpr u32 SENDS_HALF_EMPTY = 1 << 14, SENDS_EMPTY = 1 << 18;
constexpr u32 GETS_HALF_FULL = 1 << 15, GETS_FULL = 1 << 17, GETS_SOME = 1 << 21;
constexpr u32 ALL_FLAGS = 0x7ff;
constexpr u32 PATIENCE = 20000;    // polls of the status, some microseconds each
constexpr u32 WORDS = CARD_SECTOR / 4;

// Waits for any of these flags; 0 after a time-out.
u32 await(u32 flags) {
  for (u32 i = 0; i < PATIENCE; i++) {
    u32 status = device_read(STATUS);
    if ((status & flags) != 0) return status;
  }
  return 0;
}

}  // namespace

void power_up() {
  device_steps({{MASK, 0}, {POWER, POWER_UP}, {CLOCK, CLOCK_ON | 0xff}, {POWER, POWER_ON}, {DATA_CONTROL, 0}, {DATA_LENGTH, 0},
               {CLEAR, ALL_FLAGS}});
}

i32 command(u32 number, u32 argument, Expects expects, Answer &answer) {
  u32 response = expects == LONG ? COMMAND_RESPONSE | COMMAND_LONG : expects == SHORT ? COMMAND_RESPONSE : 0;
  device_steps({{CLEAR, ALL_FLAGS}, {ARGUMENT, argument}, {COMMAND, number | response | COMMAND_GO}});
  // A response without a checksum is reported as one with a bad checksum.
  u32 status = await(COMMAND_ANSWERED | COMMAND_SENT | COMMAND_LATE | COMMAND_BAD);
  if (status == 0 || (status & COMMAND_LATE) != 0) return ABSENT;
  for (u32 i = 0; i < (expects == LONG ? 4u : expects == SHORT ? 1u : 0u); i++)
    answer.words[i] = device_read(RESPONSE + 4 * i);
  return OK;
}

// The length marks a transfer as pending until quiet(). Clock and mask are as after power_up(), unless a bit has flipped.
void expect_data(u32 count) {
  device_steps({{MASK, 0}, {CLOCK, CLOCK_ON | 0xff}, {DATA_TIMER, ~0u}, {DATA_LENGTH, count * CARD_SECTOR}});
}

i32 pass(Handle memory, u32 place, u32 count, bool reads) {
  device_set(DATA_CONTROL, DATA_ENABLE | BLOCKS_OF_512 | (reads ? DATA_FROM_CARD : 0));
  Stream s{FIFO, STATUS, GETS_FULL, GETS_HALF_FULL, GETS_SOME, DATA_ERRORS, 0, 1, memory, 0};
  if (!reads) s.full = SENDS_EMPTY, s.half = SENDS_HALF_EMPTY, s.some = s.input = 0;
  for (u32 done = 0; done < count * WORDS;) {
    u32 left = count * WORDS - done;
    s.words = left < STREAM_WORDS ? left : STREAM_WORDS;
    s.offset = place * CARD_SECTOR + done * 4;
    i32 passed = stream(s).value;
    if (passed < 0) return passed;
    done += static_cast<u32>(passed);
    if (static_cast<u32>(passed) == s.words) continue;
    u32 status = await(s.full | s.half | s.some | DATA_ERRORS);
    if (status == 0 || (status & DATA_ERRORS) != 0) return IO_ERROR;
  }
  if (reads) return OK;
  u32 status = await(DATA_END | DATA_ERRORS);
  return status == 0 || (status & DATA_ERRORS) != 0 ? static_cast<i32>(IO_ERROR) : static_cast<i32>(OK);
}

bool quiet() {
  if (device_read(DATA_LENGTH) == 0) return false;
  end_data();
  return true;
}

void end_data() { device_steps({{DATA_CONTROL, 0}, {CLEAR, ALL_FLAGS}, {DATA_LENGTH, 0}}); }

}  // namespace curios::card
