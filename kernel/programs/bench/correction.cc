// Reed-Solomon: 32 check bytes for 223 data bytes over the field of 256 elements; damages words and corrects them.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x9bca85e7;

namespace {
constexpr u32 WORD = 255, CHECK = 32, DATA = WORD - CHECK, ERRORS = CHECK / 2, WORDS = 3;
u8 powers[2 * WORD + 2], logarithms[256];
u8 generator[CHECK + 1];
u8 word[WORD], sent[WORD];

u8 times(u8 a, u8 b) { return a == 0 || b == 0 ? 0 : powers[logarithms[a] + logarithms[b]]; }
u8 inverse(u8 a) { return powers[WORD - logarithms[a]]; }

void make_field() {
  u32 v = 1;
  for (u32 i = 0; i < WORD; i++) {
    powers[i] = powers[i + WORD] = v;
    logarithms[v] = i;
    v = v << 1 ^ (v & 0x80 ? 0x11d : 0);
  }
  for (u8 &g : generator)
    g = 0;
  generator[0] = 1;
  for (u32 i = 0; i < CHECK; i++)
    for (u32 j = i + 1; j > 0; j--)
      generator[j] ^= times(generator[j - 1], powers[i]);
}

// Appends the check bytes: the remainder of the data divided by the generator.
void encode() {
  u8 check[CHECK] = {};
  for (u32 i = 0; i < DATA; i++) {
    u8 feedback = word[i] ^ check[0];
    for (u32 j = 0; j + 1 < CHECK; j++)
      check[j] = check[j + 1] ^ times(feedback, generator[j + 1]);
    check[CHECK - 1] = times(feedback, generator[CHECK]);
  }
  for (u32 i = 0; i < CHECK; i++)
    word[DATA + i] = check[i];
}

bool find_syndromes(u8 *syndromes) {
  u8 any = 0;
  for (u32 i = 0; i < CHECK; i++) {
    u8 s = 0;
    for (u8 byte : word)
      s = times(s, powers[i]) ^ byte;
    any |= syndromes[i] = s;
  }
  return any != 0;
}

// Berlekamp-Massey: the shortest recurrence of the syndromes; returns the number of errors.
u32 find_locator(const u8 *syndromes, u8 *locator) {
  u8 last[CHECK + 1] = {1}, kept[CHECK + 1];
  u32 errors = 0, shift = 1;
  u8 divisor = 1;
  locator[0] = 1;
  for (u32 n = 0; n < CHECK; n++) {
    u8 difference = syndromes[n];
    for (u32 i = 1; i <= errors; i++)
      difference ^= times(locator[i], syndromes[n - i]);
    if (difference == 0) {
      shift++;
      continue;
    }
    for (u32 i = 0; i <= CHECK; i++)
      kept[i] = locator[i];
    u8 factor = times(difference, inverse(divisor));
    for (u32 i = shift; i <= CHECK; i++)
      locator[i] ^= times(factor, last[i - shift]);
    if (2 * errors <= n) {
      errors = n + 1 - errors;
      for (u32 i = 0; i <= CHECK; i++)
        last[i] = kept[i];
      divisor = difference;
      shift = 1;
    } else {
      shift++;
    }
  }
  return errors;
}

u8 evaluate(const u8 *polynomial, u32 count, u8 at) {
  u8 value = 0;
  for (u32 i = count; i-- > 0;)
    value = times(value, at) ^ polynomial[i];
  return value;
}

// Chien search for the error positions, Forney's formula for the corrections.
u32 correct() {
  u8 syndromes[CHECK], locator[CHECK + 1] = {}, evaluator[CHECK] = {};
  if (!find_syndromes(syndromes))
    return 0;
  u32 errors = find_locator(syndromes, locator), found = 0;
  for (u32 i = 0; i < CHECK; i++)
    for (u32 j = 0; j <= i; j++)
      evaluator[i] ^= times(syndromes[i - j], locator[j]);
  for (u32 place = 0; place < WORD; place++) {
    u8 at = powers[(WORD - place) % WORD];
    if (evaluate(locator, errors + 1, at) != 0)
      continue;
    u8 slope = 0;
    for (u32 i = 1; i <= errors; i += 2)
      slope ^= times(locator[i], powers[logarithms[at] * (i - 1) % WORD]);
    u8 value = times(evaluate(evaluator, CHECK, at), inverse(slope));
    word[WORD - 1 - place] ^= times(value, powers[place]);
    found++;
  }
  return found;
}
} // namespace

u32 unit() {
  Random random;
  make_field();
  u32 sum = 0;
  for (u32 i = 0; i < WORDS; i++) {
    for (u32 j = 0; j < DATA; j++)
      word[j] = random.next();
    encode();
    for (u32 j = 0; j < WORD; j++)
      sent[j] = word[j];
    for (u32 j = 0; j < ERRORS; j++)
      word[random.next() % WORD] ^= random.next();
    sum = sum * 31 + correct();
    for (u32 j = 0; j < WORD; j++)
      sum = sum * 31 + word[j] + (word[j] != sent[j] ? 1 << 16 : 0);
  }
  return sum;
}
