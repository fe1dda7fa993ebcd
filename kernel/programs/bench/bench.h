// The frame of a benchmark program: repeats a unit of work, prints a line with a checksum after each, and exits with 0
// if every repetition had the expected checksum.
#pragma once
#include "guest.h"

// Repetitions; the host may change the word in the image.
extern "C" volatile u32 bench_repetitions;

// The expected checksum of each unit, computed with another compiler target (the host's).
extern "C" const u32 bench_expected;

// One unit of work, about a millisecond on a fast host; returns a checksum, the same each time.
u32 unit();

// A small pseudo-random generator, the same on every run.
struct Random {
  u32 state = 1;
  u32 next() { return (state = state * 1664525 + 1013904223) >> 8; }
};
