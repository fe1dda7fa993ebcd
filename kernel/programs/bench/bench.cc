#include "bench.h"

extern "C" volatile u32 bench_repetitions;
volatile u32 bench_repetitions = 20;

int main() {
  u32 first = 0;
  for (u32 i = 0; i < bench_repetitions; i++) {
    u32 sum = unit();
    if (i == 0)
      first = sum;
    put_hex(sum);
    put('\n');
    if (sum != first)
      return 1;
  }
  return 0;
}
