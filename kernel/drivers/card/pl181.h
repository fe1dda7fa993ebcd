// The controller: PL181 (ARM DDI 0205), and commands of SD cards (SD Physical Layer Simplified Specification 2.00).
#pragma once
#include <curios/card.h>
#include <curios/files.h>
#include <curios/object.h>

namespace curios::card {

// A command's answer: four words of a long one, else the first.
struct Answer {
  u32 words[4];
};

enum Expects : u32 { NOTHING = 0, SHORT = 1, LONG = 2 };

void power_up();
// OK; ABSENT when there is no answer.
i32 command(u32 number, u32 argument, Expects expects, Answer &answer);
// Data of a command that has been answered: `count` sectors, to or from the client's memory from a sector of it on.
void expect_data(u32 count);
i32 pass(Handle memory, u32 place, u32 count, bool reads);
void end_data();
// Ends what there is of a transfer. True: there was one that had not come to its end.
bool quiet();

}  // namespace curios::card
