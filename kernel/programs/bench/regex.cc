// Regular expressions by backtracking, compiled to an abstract machine, and matched against a text of words and
// numbers.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x554b5e40;

namespace {
enum Kind : u8 { CHARACTER, ANY, CLASS, SPLIT, JUMP, MATCH };
struct Step {
  Kind kind;
  u8 character;
  u16 first, second;  // next steps to try, in this order
  u32 set[4];         // of a class, a bit for each character
};
constexpr u32 STEPS = 64, LENGTH = 1500;
char text[LENGTH + 1];

// Compiles an expression: alternatives, sequences, repetitions, classes.
struct Compiler {
  const char *at;
  Step *program;
  u16 count;

  u16 add(Kind kind, u16 first = 0, u16 second = 0) {
    program[count] = {kind, 0, first, second, {}};
    return count++;
  }

  void insert(u16 where, Kind kind) {
    for (u16 i = count++; i > where; i--) {
      program[i] = program[i - 1];
      if (program[i].kind == SPLIT || program[i].kind == JUMP) {
        program[i].first += program[i].first >= where;
        program[i].second += program[i].second >= where;
      }
    }
    program[where] = {kind, 0, 0, 0, {}};
  }

  void alternatives() {
    u16 start = count;
    sequence();
    if (*at != '|')
      return;
    at++;
    insert(start, SPLIT);
    u16 jump = add(JUMP);
    program[start].first = start + 1;
    program[start].second = count;
    alternatives();
    program[jump].first = count;
  }

  void sequence() {
    while (*at != 0 && *at != '|' && *at != ')')
      repetition();
  }

  void repetition() {
    u16 start = count;
    atom();
    switch (*at) {
    case '*':
      insert(start, SPLIT);
      add(JUMP, start);
      program[start].first = start + 1;
      program[start].second = count;
      at++;
      break;
    case '+':
      add(SPLIT, start, count + 1);
      at++;
      break;
    case '?':
      insert(start, SPLIT);
      program[start].first = start + 1;
      program[start].second = count;
      at++;
      break;
    default:
      break;
    }
  }

  void atom() {
    char c = *at++;
    if (c == '(') {
      alternatives();
      at++;
    } else if (c == '.') {
      add(ANY);
    } else if (c == '[') {
      u16 one = add(CLASS);
      for (; *at != ']'; at++) {
        u8 from = *at, to = from;
        if (at[1] == '-') {
          to = at[2];
          at += 2;
        }
        for (u32 i = from; i <= to; i++)
          program[one].set[i >> 5] |= 1u << (i & 31);
      }
      at++;
    } else {
      program[add(CHARACTER)].character = c;
    }
  }
};

u32 tried;

// Returns the end of a match that starts at `at`, or null.
const char *match(const Step *program, u16 pc, const char *at) {
  while (true) {
    const Step &step = program[pc];
    tried++;
    switch (step.kind) {
    case CHARACTER:
      if (u8(*at) != step.character)
        return nullptr;
      at++, pc++;
      break;
    case ANY:
      if (*at == 0)
        return nullptr;
      at++, pc++;
      break;
    case CLASS:
      if ((step.set[u8(*at) >> 5 & 3] >> (*at & 31) & 1) == 0)
        return nullptr;
      at++, pc++;
      break;
    case SPLIT:
      if (const char *end = match(program, step.first, at))
        return end;
      pc = step.second;
      break;
    case JUMP:
      pc = step.first;
      break;
    default:
      return at;
    }
  }
}

void write_text() {
  static const char *const words[] = {"alpha", "beta17", "gamma", "0x3fe9", "delta", "12.75", "epsilon", "user@host", "zeta", "9000"};
  Random random;
  char *to = text;
  while (to < text + LENGTH - 16) {
    for (const char *from = words[random.next() % 10]; *from != 0;)
      *to++ = *from++;
    *to++ = random.next() & 7 ? ' ' : ',';
  }
  *to = 0;
}
} // namespace

u32 unit() {
  static const char *const expressions[] = {"0x[0-9a-f]+", "[0-9]+(.[0-9]+)?", "[a-z]+@[a-z]+", "(alpha|beta|gamma|delta)[0-9]*,",
                                            "[a-z]*(a|o)n? z"};
  static Step program[STEPS];
  write_text();
  u32 sum = 0;
  tried = 0;
  for (const char *expression : expressions) {
    Compiler compiler = {expression, program, 0};
    compiler.alternatives();
    compiler.add(MATCH);
    for (const char *at = text; *at != 0;) {
      const char *end = match(program, 0, at);
      if (end != nullptr && end != at) {
        sum = sum * 31 + (at - text) + ((end - at) << 16);
        at = end;
      } else {
        at++;
      }
    }
  }
  return sum ^ tried;
}
