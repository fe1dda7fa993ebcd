// What the clients of the image tests/attacks and their service share.
#pragma once
#include "../tests.h"

namespace curios {

// What evil tries; `a` is the argument.
enum class Attack : u32 {
  READ,            // reads through the memory handle a
  READ_HIDDEN,     // the same, a is the handle's number in disguise
  WRITE_HIDDEN,
  KEEP,            // keeps the handle a, for
  READ_KEPT,
  READ_BY_TRYING,  // tries handles of an index by generation: how many it finds
  GIVE,            // gives its caller a handles; returns how many are taken
  WAIT,            // a milliseconds or 0
  WAKE,            // waiting threads, and calls relay
  CALL_RELAY,
  DIE,             // by a failed assertion
  KILL_OWN_THREAD,
  SLEEP,           // keeps a in the state, waits 20 ms, returns its value
  WHERE,           // the state of a sleeping request: its offset in the section, in units of 32 bytes
  SCRIBBLE,        // writes there
  SCRIBBLE_UNSEEN, // writes into the state of a sleeping request, so that a sum over its stack stays the same
  USE_STACK,       // most of it
  COMMIT_DEEP,     // commits with the stack pointer a bytes below its stack
  UNBIND,          // lifts the time limit of its caller, and waits forever
  BIND,            // gives its own calls a millisecond, and returns
  WAIT_ON,         // waits forever, again and again
  COUNT
};

// Values of its state by which a state does harm in recovery. Two that take turns fault in turn.
enum class Poison : u32 { NONE, FAULTS = 0x600, SPINS, WAITS, WAITS_FOR_EVER, CALLS, EXITS, CONNECTS, TAKES_TURNS, HIDES };

constexpr u32 EVIL_GET = EVIL_SYSTEM;  // in the place of that method: the state's value
constexpr u32 DISGUISE = 0x5a5a5a;
constexpr u32 SCRIBBLED = 0x45564c21;

}  // namespace curios
