// The shell's commands for the network.
#pragma once
#include "client.h"

namespace curios {

// The console that a command writes to, and its memory, which has room for a line.
struct Terminal {
  Handle console, memory;
  char *output;
};

// Executes a command; false if it is not one for the network.
bool network_command(const char *const *words, u32 count, Terminal terminal);
void network_help(Terminal terminal);

}  // namespace curios
