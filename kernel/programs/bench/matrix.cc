// Product of two 64 by 64 matrices: multiply and accumulate, regular loads.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x8e230000;

namespace {
constexpr int N = 64;
i32 a[N][N], b[N][N], c[N][N];
} // namespace

u32 unit() {
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++) {
      a[i][k] = i * N + k;
      b[i][k] = 3 * (i - k);
    }
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++) {
      i32 sum = 0;
      for (int m = 0; m < N; m++)
        sum += a[i][m] * b[m][k];
      c[i][k] = sum;
    }
  u32 trace = 0;
  for (auto &row : c)
    for (i32 v : row)
      trace = trace * 31 + static_cast<u32>(v);
  return trace;
}
