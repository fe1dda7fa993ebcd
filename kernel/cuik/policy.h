// The recovery policies: a row for each says what it does with states and with requests. The rows are in the order of
// Policy (abi.h).
#pragma once
#include "types.h"

namespace curios {

// What a crash of the server leaves of a state.
enum class Left : u32 { KEPT, PUBLISHED_COPY, NOTHING };

struct PolicyRow {
  const char *name;
  Mode small, large;   // kinds of states: up to MAX_PACKED bytes, and larger ones
  Left left;
  bool restarts;       // a crashed object is started again
  bool repeats;        // requests are done again after a crash
  bool checks;         // private data and code are checked
  bool twice;          // objects do everything twice
};

constexpr u32 MAX_PACKED = 384;  // leaves a server most of its home stack

constexpr PolicyRow POLICIES[] = {
    {"none", Mode::OPEN, Mode::OPEN, Left::NOTHING, false, false, false, false},
    {"restart", Mode::OPEN, Mode::OPEN, Left::NOTHING, true, false, false, false},
    {"datastore", Mode::OPEN, Mode::OPEN, Left::PUBLISHED_COPY, true, false, false, false},
    {"hot", Mode::OPEN, Mode::OPEN, Left::KEPT, true, false, false, false},
    {nullptr, Mode::OPEN, Mode::OPEN, Left::KEPT, true, false, false, false},  // SNAPSHOT: no such policy yet
    {"ssr", Mode::MAPPED, Mode::MAPPED, Left::KEPT, true, true, true, false},
    {"ssr-packed", Mode::PACKED, Mode::SHADOWED, Left::KEPT, true, true, true, false},
    {"ssr-twice", Mode::PACKED, Mode::SHADOWED, Left::KEPT, true, true, true, true},
};
static_assert(sizeof POLICIES / sizeof POLICIES[0] == static_cast<u32>(Policy::COUNT));

extern Policy policy;
inline const PolicyRow &rules() { return POLICIES[static_cast<u32>(policy)]; }

}  // namespace curios
