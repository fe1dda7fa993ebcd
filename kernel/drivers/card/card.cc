// Driver of the SD card. It polls, so it needs no interrupts. What it knows of the card is in its client's state. A
// request that is repeated after a crash first ends the transfer that it finds and then starts it again: reading or
// writing a sector twice is harmless.
#include "pl181.h"

#include <curios/descriptor.h>

namespace curios {
namespace {

using namespace card;

enum Number : u32 {
  GO_IDLE = 0,
  ALL_SEND_CID = 2,
  SEND_ADDRESS = 3,
  SELECT = 7,
  SEND_CONDITION = 8,
  SEND_CSD = 9,
  STOP = 12,
  SEND_STATUS = 13,
  SET_BLOCK_LENGTH = 16,
  READ_ONE = 17,
  READ_MANY = 18,
  WRITE_ONE = 24,
  WRITE_MANY = 25,
  APPLICATION = 55,
  APPLICATION_CONDITION = 41,
};

constexpr u32 VOLTAGE_AND_PATTERN = 0x1aa, VOLTAGES = 0xff8000, HIGH_CAPACITY = 1u << 30, READY = 1u << 31;
constexpr u32 STATUS_ERRORS = 0xfdf90008, READY_FOR_DATA = 1 << 8, STATE_SHIFT = 9, TRANSFER_STATE = 4;
constexpr u32 PATIENCE = 2000;     // how often the card's status is polled
constexpr u32 BREATH = 1;          // milliseconds between polls during power-up
constexpr u32 POWER_UP_MS = 1000;
constexpr u32 TRIES = 3;

struct State {
  Guarded guard;
  u32 address;     // of the card, in the upper half; 0: no card found
  u32 sectors;
  u32 by_sector;   // high capacity: addresses count sectors, not bytes
  u32 serial[3];   // from the card's identification
};

bool same_card(const State &s, const Answer &id) {
  return s.serial[0] == id.words[0] && s.serial[1] == id.words[1] && s.serial[2] == id.words[2];
}

i32 application(u32 number, u32 address, u32 argument, Answer &a) {
  i32 result = command(APPLICATION, address, SHORT, a);
  return result < 0 ? result : command(number, argument, SHORT, a);
}

// The size in sectors from the card-specific data, version 1 or 2.
u32 size_of(const u32 (&csd)[4]) {
  if (csd[0] >> 30 == 1) return (((csd[1] & 0x3f) << 16 | csd[2] >> 16) + 1) * 1024;
  if (csd[0] >> 30 != 0) return 0;
  u32 units = ((csd[1] & 0x3ff) << 2 | csd[2] >> 30) + 1, multiplier = (csd[2] >> 15 & 7) + 2, length = csd[1] >> 16 & 15;
  return length < 9 || length > 11 ? 0 : units << (multiplier + length - 9);
}

// Waits until the card accepts the next command.
i32 settle(u32 address) {
  Answer a;
  for (u32 i = 0; i < PATIENCE; i++) {
    if (command(SEND_STATUS, address, SHORT, a) < 0) return NO_CARD;
    if ((a.words[0] & STATUS_ERRORS) != 0) return IO_ERROR;
    if ((a.words[0] & READY_FOR_DATA) != 0 && (a.words[0] >> STATE_SHIFT & 15) == TRANSFER_STATE) return OK;
  }
  return IO_ERROR;
}

// Initializes the card, from power-up to the transfer state (4.2). Accepts another card than the last one only if
// `may_differ`.
i32 identify(State *s, bool may_differ) {
  Answer a{};
  power_up();
  s->guard.set(s->address, 0u);
  command(GO_IDLE, 0, NOTHING, a);
  bool second = command(SEND_CONDITION, VOLTAGE_AND_PATTERN, SHORT, a) == OK && (a.words[0] & 0xfff) == VOLTAGE_AND_PATTERN;
  for (u32 i = 0;; i++) {
    if (application(APPLICATION_CONDITION, 0, VOLTAGES | (second ? HIGH_CAPACITY : 0), a) < 0) return NO_CARD;
    if ((a.words[0] & READY) != 0) break;
    if (i == POWER_UP_MS / BREATH) return NO_CARD;
    wait(0, BREATH);
  }
  bool by_sector = (a.words[0] & HIGH_CAPACITY) != 0;
  if (command(ALL_SEND_CID, 0, LONG, a) < 0) return NO_CARD;
  bool same = same_card(*s, a);
  if (!same && !may_differ) return NO_CARD;
  for (u32 i = 0; i < 3; i++) s->guard.set(s->serial[i], a.words[i]);
  if (command(SEND_ADDRESS, 0, SHORT, a) < 0) return NO_CARD;
  u32 address = a.words[0] & 0xffff0000;
  if (command(SEND_CSD, address, LONG, a) < 0) return NO_CARD;
  u32 sectors = size_of(a.words);
  if (command(SELECT, address, SHORT, a) < 0) return NO_CARD;
  if (!by_sector && command(SET_BLOCK_LENGTH, CARD_SECTOR, SHORT, a) < 0) return NO_CARD;
  s->guard.set(s->by_sector, static_cast<u32>(by_sector));
  same = same && s->sectors == sectors;
  s->guard.set(s->sectors, sectors);
  s->guard.set(s->address, address);
  return same ? CARD_IS_SAME : static_cast<i32>(OK);
}

// Ends a transfer that a crash has interrupted.
void clean_up(State *s) {
  Answer a;
  if (!quiet()) return;
  command(STOP, 0, SHORT, a);
  settle(s->address);
}

i32 try_once(State *s, Handle memory, u32 place, u32 sector, u32 count, bool reads) {
  Answer a;
  u32 number = reads ? (count == 1 ? READ_ONE : READ_MANY) : (count == 1 ? WRITE_ONE : WRITE_MANY);
  expect_data(count);
  i32 result = command(number, s->by_sector != 0 ? sector : sector * CARD_SECTOR, SHORT, a);
  if (result < 0) return NO_CARD;
  if ((a.words[0] & STATUS_ERRORS) != 0) return IO_ERROR;
  result = pass(memory, place, count, reads);
  if (result < 0) return result;
  end_data();
  if (count != 1) command(STOP, 0, SHORT, a);
  return settle(s->address);
}

i32 transfer(State *s, Handle memory, u32 sector, u32 what, bool reads) {
  u32 place = what >> CARD_PLACE_SHIFT, count = what & ((1u << CARD_PLACE_SHIFT) - 1);
  if (s == nullptr || caller() != FILES_ID) return NOT_CONNECTED;
  if (count == 0 || count > CARD_MOST) return BAD_ARGUMENT;
  if (s->address == 0) return NO_CARD;
  if (sector >= s->sectors || count > s->sectors - sector) return IO_ERROR;
  check(sector == asked(2) && what == asked(3));
  i32 result = IO_ERROR;
  for (u32 i = 0; i < TRIES && (result == IO_ERROR || result == NO_CARD); i++) {
    clean_up(s);
    result = try_once(s, memory, place, sector, count, reads);
    if (result == OK) return OK;
    clean_up(s);
    if (result == NO_CARD && identify(s, false) != CARD_IS_SAME) {  // the request was for the previous card
      s->guard.set(s->address, 0u);
      return NO_CARD;
    }
  }
  return result;
}

i32 read(State *s, u32 memory, u32 sector, u32 what) { return transfer(s, memory, sector, what, true); }
i32 write(State *s, u32 memory, u32 sector, u32 what) { return transfer(s, memory, sector, what, false); }

// The result in the low word, the size in the high word, which is the second result.
i64 find(State *s) {
  if (s == nullptr || caller() != FILES_ID) return static_cast<u32>(NOT_CONNECTED);
  quiet();
  i32 result = identify(s, true);
  if (result < 0) return static_cast<u32>(result);
  return static_cast<i64>(static_cast<u64>(s->sectors) << 32 | static_cast<u32>(result));
}

INTROSPECTION = {
    FIELD_AS("card", State, address, Show::HEX),
    FIELD_OF("card", State, sectors),
    FIELD_OF("card", State, by_sector),
    FIELD_AS("card", State, serial, Show::HEX),
};

LIMITS = {
    WORD_LIMIT(State, by_sector, 0, 1),
};

METHODS = {
    {ENTRY(find), IO_ERROR, CARD_IS_SAME, "find"},
    {ENTRY(read), IO_ERROR, OK, "read"},
    {ENTRY(write), IO_ERROR, OK, "write"},
};

SERVICE(card, CARD_ID, .state_bytes = sizeof(State), .tag = 0x43440001, .deadline = 100, .rights = LARGE_STACKS,
        .device = {0x10005000}, .longest_wait = BREATH, LIMITED, .checks = CHECK_CODE | CHECK_WRITES)

}  // namespace
}  // namespace curios
