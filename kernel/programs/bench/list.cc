// A walk through a linked list in random order: each load depends on the previous one.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x08716808;

namespace {
constexpr u32 N = 4096;
struct Node {
  Node *next;
  u32 value;
} nodes[N];
} // namespace

u32 unit() {
  // One cycle through all nodes (Sattolo's algorithm).
  static u16 order[N];
  Random random;
  for (u32 i = 0; i < N; i++)
    order[i] = static_cast<u16>(i);
  for (u32 i = N - 1; i > 0; i--) {
    u32 k = static_cast<u32>(static_cast<u64>(random.next()) * i >> 24);
    u16 t = order[i];
    order[i] = order[k];
    order[k] = t;
  }
  for (u32 i = 0; i < N; i++)
    nodes[i] = {&nodes[order[i]], i};
  u32 sum = 0;
  Node *at = nodes;
  for (u32 i = 0; i < 60 * N; i++) {
    sum += at->value ^ i;
    at = at->next;
  }
  return sum + (at == nodes ? 0 : 1);
}
