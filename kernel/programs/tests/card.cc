// Writes and reads an SD card through the PL181, in single and in multiple blocks, and checks the data. It is not among
// the programs that run without a card: a test inserts one, on both machines.
#include "guest.h"

constexpr u32 MMCI = 0x10005000, ARGUMENT = MMCI + 0x08, COMMAND = MMCI + 0x0c, RESPONSE = MMCI + 0x14;
constexpr u32 DATA_TIMER = MMCI + 0x24, DATA_LENGTH = MMCI + 0x28, DATA_CONTROL = MMCI + 0x2c, STATUS = MMCI + 0x34;
constexpr u32 CLEAR = MMCI + 0x38, FIFO = MMCI + 0x80;
constexpr u32 DATA_CRC_FAIL = 1 << 1, COMMAND_TIMEOUT = 1 << 2, DATA_TIMEOUT = 1 << 3, RESPONDED = 1 << 6;
constexpr u32 SENT = 1 << 7, DATA_END = 1 << 8, TX_FULL = 1 << 16, RX_AVAILABLE = 1 << 21;
constexpr u32 SHORT = 1 << 6, LONG = 3 << 6, ENABLE = 1 << 10;
constexpr u32 FAILED = DATA_CRC_FAIL | COMMAND_TIMEOUT | DATA_TIMEOUT;
constexpr u32 WORDS = 128, SINGLE = 8, MANY = 100;

static bool high_capacity;

static u32 command(u32 number, u32 argument, u32 answer) {
  reg(CLEAR) = 0x7ff;
  reg(ARGUMENT) = argument;
  reg(COMMAND) = number | answer | ENABLE;
  while ((reg(STATUS) & (COMMAND_TIMEOUT | RESPONDED | SENT)) == 0) {
  }
  return reg(RESPONSE);
}

static u32 address(u32 block) { return high_capacity ? block : block * 512; }

static u32 word(u32 block, u32 i, u32 salt) { return (block * WORDS + i) * 2654435761u + salt; }

// Waits for the end of a transfer; returns the flags with which it ended.
static u32 end(u32 count) {
  while ((reg(STATUS) & (DATA_END | FAILED)) == 0) {
  }
  u32 flags = reg(STATUS) & (DATA_END | FAILED);
  if (count > 1) command(12, 0, SHORT);
  return flags;
}

static u32 write(u32 block, u32 count, u32 salt) {
  command(count == 1 ? 24 : 25, address(block), SHORT);
  reg(DATA_TIMER) = 0xffffffff;
  reg(DATA_LENGTH) = count * 512;
  reg(DATA_CONTROL) = 9 << 4 | 1;
  for (u32 i = 0; i < count * WORDS && (reg(STATUS) & FAILED) == 0; i++) {
    while ((reg(STATUS) & TX_FULL) != 0) {
    }
    reg(FIFO) = word(block, i, salt);
  }
  return end(count);
}

static u32 read(u32 block, u32 count, u32 salt, u32 &wrong) {
  reg(DATA_TIMER) = 0xffffffff;
  reg(DATA_LENGTH) = count * 512;
  reg(DATA_CONTROL) = 9 << 4 | 2 | 1;
  command(count == 1 ? 17 : 18, address(block), SHORT);
  for (u32 i = 0; i < count * WORDS; i++) {
    while ((reg(STATUS) & (RX_AVAILABLE | FAILED)) == 0) {
    }
    if ((reg(STATUS) & RX_AVAILABLE) == 0) break;
    wrong += reg(FIFO) != word(block, i, salt) ? 1 : 0;
  }
  return end(count);
}

static void say(const char *what, u32 flags) {
  put(what);
  put(flags == DATA_END ? ": done\n" : (flags & DATA_CRC_FAIL) != 0 ? ": bad sum\n" : ": timeout\n");
}

int main() {
  reg(MMCI) = 3;
  command(0, 0, 0);
  command(8, 0x1aa, SHORT);
  u32 ready = 0;
  while ((ready & 1u << 31) == 0) {
    command(55, 0, SHORT);
    ready = command(41, 0x40ff8000, SHORT);
  }
  high_capacity = (ready & 1 << 30) != 0;
  command(2, 0, LONG);
  u32 rca = command(3, 0, SHORT) & 0xffff0000;
  command(7, rca, SHORT);
  put(high_capacity ? "high capacity\n" : "standard capacity\n");
  u32 first = high_capacity ? 5000000 : 1000, wrong = 0;
  for (u32 i = 0; i < SINGLE; i++) {
    say("write", write(first + 3 * i, 1, i));
    say("read", read(first + 3 * i, 1, i, wrong));
  }
  say("write many", write(first + 200, MANY, 77));
  say("read many", read(first + 200, MANY, 77, wrong));
  put_dec(wrong);
  put(" words differ\n");
  command(7, 0, 0);
  return wrong == 0 ? 0 : 1;
}
