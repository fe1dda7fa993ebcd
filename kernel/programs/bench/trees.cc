// A boosted ensemble of decision trees: the prediction for an example is the sum over all trees.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0xae936adc;

namespace {
constexpr u32 TREES = 60, DEPTH = 6, FEATURES = 24, EXAMPLES = 64, INNER = (1 << DEPTH) - 1;

struct Node {
  u16 feature;
  bool missing_left;
  i32 limit;
};
Node inner[TREES][INNER];
i32 leaves[TREES][1 << DEPTH];
i32 examples[EXAMPLES][FEATURES];
constexpr i32 MISSING = i32(0x80000000);

void grow(Random &random) {
  for (u32 t = 0; t < TREES; t++) {
    for (Node &n : inner[t])
      n = {u16(random.next() % FEATURES), (random.next() & 1) != 0, i32(random.next() & 0x3ff) - 512};
    for (i32 &leaf : leaves[t])
      leaf = i32(random.next() & 0xffff) - 0x8000;
  }
  for (auto &example : examples)
    for (i32 &value : example)
      value = random.next() % 20 == 0 ? MISSING : i32(random.next() & 0x3ff) - 512;
}

[[gnu::noinline]] i32 score(const i32 *example) {
  i32 sum = 0;
  for (u32 t = 0; t < TREES; t++) {
    u32 at = 0;
    while (at < INNER) {
      const Node &n = inner[t][at];
      i32 value = example[n.feature];
      bool left = value == MISSING ? n.missing_left : value < n.limit;
      at = 2 * at + (left ? 1 : 2);
    }
    sum += leaves[t][at - INNER];
  }
  return sum;
}
} // namespace

u32 unit() {
  static bool grown;
  static Random random;
  if (!grown) {
    grow(random);
    grown = true;
  }
  u32 sum = 0;
  for (const auto &example : examples)
    sum = sum * 31 + u32(score(example));
  return sum;
}
