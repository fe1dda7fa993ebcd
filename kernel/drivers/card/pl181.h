// The controller: PL181 (ARM DDI 0205), and commands of SD cards (SD Physical Layer Simplified Specification 2.00).
#pragma once
#include <curios/card.h>
#include <curios/files.h>
#include <curios/object.h>

namespace curios::card {

// The response to a command: four words of a long one, otherwise only the first.
struct Answer {
  u32 words[4];
};

enum Expects : u32 { NOTHING = 0, SHORT = 1, LONG = 2 };

void power_up();
// OK; ABSENT if the card does not respond.
i32 command(u32 number, u32 argument, Expects expects, Answer &answer);
// Prepares the data transfer of a command: `count` sectors, to or from the client's memory at a given sector of it.
void expect_data(u32 count);
i32 pass(Handle memory, u32 place, u32 count, bool reads);
void end_data();
// Ends a pending transfer. True: there was one.
bool quiet();

}  // namespace curios::card
