// A driver of the real-time clock's match register, for tests of device_steps. The register keeps what is written to it.
#include "tests.h"

namespace curios {

constexpr u32 MATCH = 0x04, MASK = 0x10;
constexpr u32 values(u32 count) { return count << DEVICE_COUNT_SHIFT; }

static i64 both(u32 value, i32 result) { return static_cast<i64>(static_cast<u64>(value) << 32 | static_cast<u32>(result)); }

static i64 write_and_read(void *, u32 value) {
  Step steps[] = {{MATCH, value}, {MATCH | DEVICE_READS, 0}};
  i32 result = device_steps(steps);
  return both(steps[1].value, result);
}

// Four words from the client's memory, the last of which stays; then the register twice into two of them.
static i32 pass(void *, u32 memory) {
  Step steps[] = {{MATCH | values(4) | DEVICE_GRANTED, 0}, {MATCH | values(2) | DEVICE_READS | DEVICE_GRANTED, 4}};
  return device_steps(steps, memory);
}

// As part of the return; a result outside the contract is a fault, and then the register stays.
static i64 last(void *, u32 value, u32 result) {
  Step steps[] = {{MATCH, value}, {MATCH | DEVICE_READS, 0}};
  device_last(static_cast<i32>(result), steps, 2);
}

// Lists that no driver means to make, after a step that would be right.
static i32 wrong(void *, u32 how) {
  Step steps[MOST_STEPS + 1] = {{MATCH, how + 1000}, {MATCH | DEVICE_READS, 0}};
  u32 count = 2;
  switch (static_cast<WrongSteps>(how)) {
    case WrongSteps::ALIGNMENT: steps[1].what = (MATCH + 2) | DEVICE_READS; break;
    case WrongSteps::WIDTH: steps[1].what |= 3u << DEVICE_WIDTH_SHIFT; break;
    case WrongSteps::ONCE: steps[1].what = MASK | DEVICE_READS; break;
    case WrongSteps::LONG: count = MOST_STEPS + 1; break;
    case WrongSteps::NONE: count = 0; break;
    case WrongSteps::PLACE: return device_steps(reinterpret_cast<const Step *>(section(COUNTER_ID)), 1);
    case WrongSteps::MEMORY: steps[1] = {MATCH | values(1) | DEVICE_READS, section(COUNTER_ID)}; break;
    case WrongSteps::BYTES: steps[1] = {MATCH | values(DEVICE_BYTES) | DEVICE_READS, section(self()) + HEAP}; break;
    default: break;
  }
  return device_steps(steps, count);
}

static i64 peek(void *) { return both(device_read(MATCH), OK); }

METHODS = {
    {ENTRY(write_and_read), -100, OK, "write"},
    {ENTRY(pass), -100, OK, "pass"},
    {ENTRY(last), OK, 7, "last"},
    {ENTRY(wrong), -100, OK, "wrong"},
    {ENTRY(peek), OK, OK, "peek"},
};

SERVICE(stepper, STEPPER_ID, .heap_limit = 0x1000, .deadline = 20, .device = {0x101e8000}, .once = 1u << MASK / 4)

}  // namespace curios
