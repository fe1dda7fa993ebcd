// What the clients share. Their code is shared too, so they have no variables but those on their stacks.
#pragma once
#include <curios/services.h>

// A client with the name and number n of a group.
#define CLIENT(symbol, name_, id_, main_)                                                                          \
  [[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor symbol = {                               \
      .name = name_, .id = id_, .data_load = nullptr, .data_start = nullptr, .data_end = nullptr,                  \
      .code_load = nullptr, .code_start = nullptr, .code_end = nullptr, .methods = nullptr, .method_count = 0,     \
      .construct = 0, .recover = 0, .main = reinterpret_cast<u32>(main_), .state_bytes = 0, .tag = 0,              \
      .heap_limit = 0x8000, .quota = 0x4000, .deadline = 0,                                                        \
      .rights = SHARES_CLIENT_CODE | LARGE_STACKS | ((id_) == INIT_ID ? MAY_HALT : 0), .device = 0, .priority = 4, .urgency = 1};               \
  [[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const symbol##_described = &symbol;

namespace curios {
namespace {

// A client's transcript: lines that begin with its name, and at the end what it has seen of errors.
struct Report {
  char buffer[Line::ROOM + 4];
  Console console;
  const char *group;
  u32 number;
  u32 errors = 0;
  u32 lost = 0;

  Report(const char *name, u32 n) : group(name), number(n) {
    if (console.begin(buffer, sizeof buffer) < 0) errors++;
  }

  void say(Line &line) {
    const char *text = line.text();
    u32 n = line.take(), used = 0;
    auto put = [&](char c) {
      if (used < sizeof buffer - 1) buffer[used++] = c;
    };
    for (const char *p = group; *p != 0; p++) put(*p);
    put(static_cast<char>('0' + number));
    put(':');
    put(' ');
    for (u32 i = 0; i < n; i++) put(text[i]);
    buffer[used++] = '\n';
    i32 result = console.write(used);
    if (result == LOST) {
      lost++;
      connect(console.console);
      result = console.write(used);
    }
    if (result == FAULTED) result = console.write(used);
  }

  // A result that must be what it must be; a lost session is made anew.
  bool expect(const char *what, i32 wanted, i32 got, Handle service) {
    if (got == wanted) return true;
    errors++;
    Line line;
    line << what << " gave " << got << " instead of " << wanted;
    say(line);
    if (got == LOST) {
      lost++;
      connect(service);
    }
    return false;
  }

  void end(u32 sum) {
    Line line;
    line << "sum ";
    line.hex(sum);
    if (errors == 0)
      line << ", all as expected";
    else
      line << ", " << errors << " errors, " << lost << " sessions lost";
    say(line);
  }
};

inline u32 mix(u32 sum, u32 value) { return (sum << 5 | sum >> 27) ^ value; }

}  // namespace
}  // namespace curios
