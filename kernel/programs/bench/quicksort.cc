// Quicksort of random numbers: unpredictable branches and recursion.
#include "bench.h"

namespace {
constexpr int N = 8192;
i32 numbers[N];

[[gnu::noinline]] void sort(i32 *a, int left, int right) {
  while (left < right) {
    i32 pivot = a[(left + right) >> 1];
    int i = left, k = right;
    while (i <= k) {
      while (a[i] < pivot)
        i++;
      while (a[k] > pivot)
        k--;
      if (i <= k) {
        i32 t = a[i];
        a[i++] = a[k];
        a[k--] = t;
      }
    }
    sort(a, left, k);
    left = i;
  }
}
} // namespace

u32 unit() {
  Random random;
  for (i32 &n : numbers)
    n = static_cast<i32>(random.next());
  sort(numbers, 0, N - 1);
  u32 sum = 0;
  for (int i = 0; i < N; i++)
    sum = sum * 31 + static_cast<u32>(numbers[i]);
  for (int i = 1; i < N; i++)
    if (numbers[i - 1] > numbers[i])
      return 0;
  return sum;
}

extern "C" constexpr u32 bench_expected = 0xa293befe;
