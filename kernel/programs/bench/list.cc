// A walk through a shuffled linked list: each load depends on the one before.
#include "bench.h"

namespace {
constexpr u32 N = 4096;
struct Node {
  Node *next;
  u32 value;
} nodes[N];
} // namespace

u32 unit() {
  for (u32 i = 0; i < N; i++)
    nodes[i] = {&nodes[(i + 1667) % N], i};
  u32 sum = 0;
  Node *at = nodes;
  for (u32 i = 0; i < 60 * N; i++) {
    sum += at->value ^ i;
    at = at->next;
  }
  return sum;
}
