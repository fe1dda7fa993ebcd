// A hash table with chains: inserts, finds and removes random keys.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0xf9773a7a;

namespace {
struct Entry {
  Entry *next;
  u32 key, value;
};
constexpr u32 N = 4096, BUCKETS = 1024;
Entry entries[N], *buckets[BUCKETS];

Entry **find(u32 key) {
  Entry **at = &buckets[(key * 2654435761u) >> 22];
  while (*at != nullptr && (*at)->key != key)
    at = &(*at)->next;
  return at;
}
} // namespace

u32 unit() {
  Random random;
  for (Entry *&b : buckets)
    b = nullptr;
  for (u32 i = 0; i < N; i++) {
    u32 key = random.next() & 0x3fff;
    Entry **at = find(key);
    if (*at == nullptr) {
      entries[i] = {nullptr, key, i};
      *at = &entries[i];
    } else {
      (*at)->value += i;
    }
  }
  u32 sum = 0;
  for (u32 key = 0; key < 0x4000; key++) {
    Entry **at = find(key);
    if (*at != nullptr) {
      sum = sum * 31 + (*at)->value;
      if (key & 1)
        *at = (*at)->next;
    }
  }
  return sum;
}
