// A program as a C library makes it, which does what its arguments say: exit STATUS; args; cat; sum; file NAME; get NAME.
#include "libc.h"

namespace {
void check(const char *what, int value) {
  print(what);
  if (value < 0) {
    print(" fails");
  } else {
    print(" ");
    print_number(static_cast<u32>(value));
  }
  print("\n");
}

// Standard input to standard output; how much on standard error.
int cat() {
  char buffer[64];
  u32 total = 0;
  for (int count; (count = read(in, buffer, sizeof buffer)) > 0;) {
    write(out, buffer, static_cast<u32>(count));
    total += static_cast<u32>(count);
  }
  const char text[] = "copied\n";
  write(err, text, sizeof text - 1);
  return total == 0 ? 1 : 0;
}

// Numbers separated by blanks, as scanf reads them; their sum at each end of a line.
int sum() {
  u32 total = 0, value = 0;
  char c;
  while (read(in, &c, 1) == 1) {
    if (c >= '0' && c <= '9') {
      value = value * 10 + static_cast<u32>(c - '0');
      continue;
    }
    total += value;
    value = 0;
    if (c == '\n') {
      print("sum ");
      print_number(total);
      print("\n");
    }
  }
  print("end\n");
  return 0;
}

int file(const char *name) {
  int f = open(name, 4);
  if (f < 0) {
    check("errno", last_error());
    return 1;
  }
  check("written", write(f, "hello, file\n", 12));
  check("length", length(f));
  check("close", close(f));
  check("close again", close(f));
  f = open(name, 8);
  write(f, "more\n", 5);
  close(f);
  f = open(name, 0);
  check("seek", seek(f, 7));
  char text[32] = {};
  check("read", read(f, text, sizeof text - 1));
  check("read on", read(f, text + 16, 1));
  print(text);
  check("write to it", write(f, text, 1));
  close(f);
  return 0;
}

int get(const char *name) {
  char buffer[64];
  int f = open(name, 0);
  if (f < 0) {
    check("errno", last_error());
    return 1;
  }
  for (int count; (count = read(f, buffer, sizeof buffer)) > 0;)
    write(out, buffer, static_cast<u32>(count));
  return 0;
}
} // namespace

int main() {
  const char *argv[MAX_ARGUMENTS];
  int argc = arguments(argv);
  start();
  if (argc > 2 && equal(argv[1], "exit"))
    finish(static_cast<int>(number(argv[2])));
  if (argc > 1 && equal(argv[1], "cat"))
    finish(cat());
  if (argc > 1 && equal(argv[1], "sum"))
    finish(sum());
  if (argc > 2 && equal(argv[1], "file"))
    finish(file(argv[2]));
  if (argc > 2 && equal(argv[1], "get"))
    finish(get(argv[2]));
  if (argc > 2 && equal(argv[1], "remove"))
    finish(remove(argv[2]) == 0 ? 0 : last_error());
  if (argc > 3 && equal(argv[1], "rename"))
    finish(rename(argv[2], argv[3]) == 0 ? 0 : last_error());
  for (int i = 1; i < argc; i++) {
    print("[");
    print(argv[i]);
    print("]\n");
  }
  finish(argc);
}
