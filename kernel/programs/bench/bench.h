// The frame of a benchmark program: repeats a unit of work, prints a line with a checksum after each, and exits with 0
// if every repetition gave what it must give.
#pragma once
#include "guest.h"

// Repetitions; the host may change the word in the image.
extern "C" volatile u32 bench_repetitions;

// What each unit must give, found with another compiler target (the host's).
extern "C" const u32 bench_expected;

// One unit of work, a millisecond or so on a fast host; returns a checksum, the same each time.
u32 unit();

// A small generator of numbers, the same on every run.
struct Random {
  u32 state = 1;
  u32 next() { return (state = state * 1664525 + 1013904223) >> 8; }
};
