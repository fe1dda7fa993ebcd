// The guest's own shell: what its commands share.
#pragma once
#include "client.h"
#include "files.h"
#include "shell_line.h"

namespace curios {

struct Named {
  const char *name;
  u32 id;
};

struct Shell {
  static constexpr u32 WORDS = 8, LENGTH = Editor::LENGTH, PATH = 128;
  // In the heap: data that is too large for the stack.
  struct Room {
    char path[PATHS_ROOM];
    char content[4096];
    char first[PATH], second[PATH];
    char directory[PATH];
    Editor editor;
  };

  char output[Line::ROOM + 2];
  char input[LENGTH + 1];
  char line[LENGTH + 1];   // as typed
  Console console;
  Handle content;
  Handle store, timer, counter;
  Files files;
  Room *room;
  char *words[WORDS];
  u32 count;

  void say(Line &text) {
    const char *from = text.text();
    u32 n = text.take();
    for (u32 i = 0; i < n; i++) output[i] = from[i];
    output[n] = '\n';
    console.write(n + 1);
  }
  void say(const char *text) {
    Line l;
    l << text;
    say(l);
  }
};

namespace {

[[maybe_unused]] bool same(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

[[maybe_unused]] bool number(const char *text, u32 *value) {
  *value = 0;
  if (*text == 0) return false;
  for (; *text != 0; text++) {
    if (*text < '0' || *text > '9') return false;
    *value = *value * 10 + static_cast<u32>(*text - '0');
  }
  return true;
}

[[maybe_unused]] void pad(Line &line, const char *text, u32 width) {
  line << text;
  for (const char *p = text; *p != 0 && width > 0; p++) width--;
  while (width-- > 0) line << " ";
}

[[maybe_unused]] void column(Line &line, u32 value, u32 width) {
  u32 digits = 1;
  for (u32 v = value; v >= 10; v /= 10) digits++;
  while (digits < width--) line << " ";
  line << value;
}

}  // namespace

void carry_out(Shell &s);
// In shell_files.cc. False if the first word is not one of its commands.
bool file_command(Shell &s);
void file_help(Shell &s);

}  // namespace curios
