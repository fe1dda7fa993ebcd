// The frame of a program that measures one kind of system work: prints a line after each unit of work, and exits with 0
// if every unit did all of its operations.
#pragma once
#include "tables.h"

// Repetitions of the unit; the host may change the word in the image.
extern "C" volatile u32 bench_repetitions;

// Operations in a unit of work; the host reads this symbol.
extern "C" const u32 bench_operations;

// Called once before the first unit, with the MMU on (off with -DMMU_OFF).
void prepare(Tables &tables);

// One unit of work; returns the number of operations that verifiably took effect.
u32 unit();

enum Vector : u32 { UNDEFINED = 1, SOFTWARE_INTERRUPT, PREFETCH_ABORT, DATA_ABORT, IRQ = 6 };
using Handler = void();

// Makes a handler the target of an exception vector; the others end the program with status 2.
void on(Vector vector, Handler *handler);
