#include "bench.h"

extern "C" volatile u32 bench_repetitions;
volatile u32 bench_repetitions = 20;

int main() {
  for (u32 i = 0; i < bench_repetitions; i++) {
    u32 sum = unit();
    put_hex(sum);
    put('\n');
    if (sum != bench_expected)
      return 1;
  }
  return 0;
}
