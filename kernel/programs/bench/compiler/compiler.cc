#include "compiler.h"

extern "C" constexpr u32 bench_expected = 0xb9ccf3dc;

using namespace compiler;

u32 unit() {
  u32 sum = 0;
  for (u32 seed = 1; seed <= 6; seed++) {
    write_source(seed, 12);
    forget_nodes();
    Node *tree = parse();
    Output plain = evaluate(tree);
    generate(optimise(tree));
    Output made = execute();
    if (made.sum != plain.sum || made.count != plain.count)
      return 0;
    sum = sum * 1009 + plain.sum + code_length;
  }
  return sum;
}
