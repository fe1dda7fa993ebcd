// The recovery policies: a row for each says what it does with states and with requests. The rows are in the order of
// POLICY_WORDS (words.h).
#pragma once
#include "types.h"

namespace curios {

// What a crash of the server leaves of a state.
enum class Left : u32 { KEPT, PUBLISHED_COPY, NOTHING };

struct PolicyRow {
  Policy policy;
  Mode small, large;   // kinds of states: up to MAX_PACKED bytes, and larger ones
  Left left;
  bool restarts;       // a crashed object is started again
  bool repeats;        // requests are done again after a crash
  bool checks;         // private data and code are checked
  bool twice;          // objects do everything twice
};

constexpr u32 MAX_PACKED = 384;  // leaves a server most of its home stack

constexpr PolicyRow POLICIES[] = {
    {Policy::NONE, Mode::OPEN, Mode::OPEN, Left::NOTHING, false, false, false, false},
    {Policy::RESTART, Mode::OPEN, Mode::OPEN, Left::NOTHING, true, false, false, false},
    {Policy::DATASTORE, Mode::OPEN, Mode::OPEN, Left::PUBLISHED_COPY, true, false, false, false},
    {Policy::HOT, Mode::OPEN, Mode::OPEN, Left::KEPT, true, false, false, false},
    {Policy::SSR, Mode::MAPPED, Mode::MAPPED, Left::KEPT, true, true, true, false},
    {Policy::SSR_PACKED, Mode::PACKED, Mode::SHADOWED, Left::KEPT, true, true, true, false},
    {Policy::SSR_TWICE, Mode::PACKED, Mode::SHADOWED, Left::KEPT, true, true, true, true},
};
consteval bool in_order() {
  u32 next = 0;
  for (const PolicyRow &row : POLICIES)
    if (row.policy != static_cast<Policy>(next++)) return false;
  return next == static_cast<u32>(Policy::COUNT);
}
static_assert(in_order());

extern Policy policy;
extern bool unchecked;  // boot argument checks=off: for measurements of what the checks cost
inline const PolicyRow &rules() { return POLICIES[static_cast<u32>(policy)]; }
inline bool has_checks() { return rules().checks && !unchecked; }

}  // namespace curios
