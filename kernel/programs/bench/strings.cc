// Strings and memory: copy, compare, search, case folding, number formatting.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x8fb6fea0;

namespace {
char text[16384], copy[16384];

[[gnu::noinline]] u32 length(const char *s) {
  u32 n = 0;
  while (s[n] != 0)
    n++;
  return n;
}

[[gnu::noinline]] int compare(const char *a, const char *b) {
  while (*a != 0 && *a == *b) {
    a++;
    b++;
  }
  return *a - *b;
}

[[gnu::noinline]] u32 count(const char *s, const char *word) {
  u32 n = 0;
  for (; *s != 0; s++) {
    u32 i = 0;
    while (word[i] != 0 && s[i] == word[i])
      i++;
    n += word[i] == 0;
  }
  return n;
}
} // namespace

u32 unit() {
  Random random;
  u32 at = 0;
  while (at < sizeof text - 16) {
    u32 letters = 1 + random.next() % 9;
    for (u32 i = 0; i < letters; i++)
      text[at++] = static_cast<char>('a' + random.next() % 4);
    text[at++] = ' ';
  }
  text[at] = 0;
  u32 sum = 0;
  for (int round = 0; round < 6; round++) {
    memcpy(copy, text, sizeof text);
    sum = sum * 31 + length(copy);
    sum += static_cast<u32>(compare(copy, text));
    sum += count(copy, "abc") + count(copy, "dad ");
    for (char *p = copy; *p != 0; p++)
      if (*p >= 'a' && *p <= 'z')
        *p = static_cast<char>(*p - 32);
    sum += static_cast<u32>(compare(copy, text));
  }
  return sum;
}
