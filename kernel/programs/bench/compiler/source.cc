#include "compiler.h"

namespace compiler {

char text[TEXT];

namespace {

u32 used;
Random random;

void put(const char *s) {
  while (*s != 0 && used < TEXT - 1)
    text[used++] = *s++;
}

void put_number(u32 n) {
  char digits[11];
  u32 at = 10;
  digits[at] = 0;
  do {
    digits[--at] = static_cast<char>('0' + n % 10);
    n /= 10;
  } while (n != 0);
  put(digits + at);
}

u32 below(u32 limit) { return random.next() % limit; }

void put_variable(u32 v) {
  static const char *const names[] = {"a", "b", "count", "d", "east", "f", "g", "high", "i", "j", "key", "low", "m", "next", "o", "p"};
  put(names[v]);
}

void put_expression(u32 depth) {
  static const char *const operators[] = {" + ", " - ", " * ", " / ", " % ", " & ", " | ", " ^ ", " << ", " >> ",
                                          " == ", " != ", " < ", " <= ", " > ", " >= ", " && ", " || "};
  u32 choice = below(8);
  if (depth == 0 || choice == 0) {
    if (below(3) == 0)
      put_number(below(4) == 0 ? below(1u << 20) : below(9));
    else
      put_variable(below(VARIABLES));
  } else if (choice == 1) {
    put(below(3) == 0 ? "~" : below(2) == 0 ? "-" : "!");
    put("(");
    put_expression(depth - 1);
    put(")");
  } else {
    bool paired = below(2) == 0;
    if (paired)
      put("(");
    put_expression(depth - 1);
    put(operators[below(18)]);
    put_expression(depth - 1);
    if (paired)
      put(")");
  }
}

void put_statements(u32 count, u32 depth);

void put_block(u32 count, u32 depth) {
  put("{\n");
  put_statements(count, depth);
  put("}\n");
}

void put_statements(u32 count, u32 depth) {
  for (u32 i = 0; i < count && used < TEXT - 700; i++) {
    u32 choice = depth == 0 ? 3 + below(4) : below(8);
    switch (choice) {
    case 0:
      put("repeat ");
      put_number(1 + below(4));
      put(" ");
      put_block(1 + below(3), depth - 1);
      break;
    case 1:
    case 2:
      put("if ");
      put_expression(2);
      put(" ");
      put_block(1 + below(2), depth - 1);
      if (choice == 1) {
        put("else ");
        put_block(1 + below(2), depth - 1);
      }
      break;
    case 3:
      put("out ");
      put_expression(3);
      put(";\n");
      break;
    default:
      put_variable(below(VARIABLES));
      put(" = ");
      put_expression(4);
      put(";  # ");
      put(choice == 4 ? "a remark that nobody reads\n" : "\n");
      break;
    }
  }
}

}  // namespace

void write_source(u32 seed, u32 statements) {
  random.state = seed;
  used = 0;
  put_statements(statements, 3);
  put("out a + b + count + p;\n");
  text[used] = 0;
}

}  // namespace compiler
