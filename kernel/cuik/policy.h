// The recovery policies. Each row says what a policy does with states and with requests; the order is that of
// POLICY_WORDS (words.h).
#pragma once
#include "types.h"

namespace curios {

// What remains of a state after a crash of its server.
enum class Left : u32 { KEPT, PUBLISHED_COPY, NOTHING };

struct PolicyRow {
  Policy policy;
  Mode small, large;   // kinds of states: of up to MAX_PACKED bytes, and larger ones
  Left left;
  bool restarts;       // restarts a crashed object
  bool repeats;        // repeats requests after a crash
  bool checks;         // checks private data and code
  bool twice;          // runs everything twice
};

constexpr u32 MAX_PACKED = 384;  // leaves most of the home stack to the server

constexpr PolicyRow POLICIES[] = {
    {Policy::NONE, Mode::OPEN, Mode::OPEN, Left::NOTHING, false, false, false, false},
    {Policy::RESTART, Mode::OPEN, Mode::OPEN, Left::NOTHING, true, false, false, false},
    {Policy::AWARE, Mode::OPEN, Mode::OPEN, Left::NOTHING, true, false, false, false},
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
extern bool unchecked;  // boot argument checks=off: to measure the cost of the checks
inline const PolicyRow &rules() { return POLICIES[static_cast<u32>(policy)]; }
inline bool has_checks() { return rules().checks && !unchecked; }

}  // namespace curios
