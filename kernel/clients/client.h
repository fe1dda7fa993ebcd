// Shared declarations of the clients. They share their code, so they have no variables but those on their stacks.
#pragma once
#include <curios/services.h>

// A client with the name and number n of a group.
#define CLIENT(symbol, name_, id_, main_)                                                                          \
  [[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor symbol = {                               \
      .name = name_, .id = id_, .data_load = nullptr, .data_start = nullptr, .data_end = nullptr,                  \
      .code_load = nullptr, .code_start = nullptr, .code_end = nullptr, .methods = nullptr, .method_count = 0,     \
      .construct = 0, .recover = 0, .main = reinterpret_cast<u32>(main_), .state_bytes = 0, .tag = 0,              \
      .heap_limit = 0x8000, .quota = 0x4000, .deadline = 0,                                                        \
      .rights = SHARES_CLIENT_CODE | LARGE_STACKS | ((id_) == INIT_ID ? MAY_HALT : 0), .device = {}, .priority = 4, .urgency = 1};               \
  [[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const symbol##_described = &symbol;

namespace curios {
namespace {

inline u32 mix(u32 sum, u32 value) { return (sum << 5 | sum >> 27) ^ value; }

// What a client got from a service: the laboratory compares these records with those of an undisturbed run. They hold
// nothing that depends on time.
struct Record {
  u32 number;      // of the request, from 1
  u32 call;        // object << 8 | method
  i32 result;
  u32 digest;      // of the data read
  u32 chain;       // of this record and all before it
};
constexpr u32 CONNECT_METHOD = 0xff;
constexpr u32 RECORDS = 1024;
constexpr u32 RECORDS_TAG = 0x52430001;

// The last records of a client, at the start of its heap.
struct Records {
  u32 tag;
  u32 count;       // of all that there were
  u32 ended;       // nonzero once the client has done all it wants to do
  u32 errors;      // results other than the expected ones; valid once it has ended
  u32 lost;        // sessions that it has lost and opened again; likewise
  u32 chain;
  Record ring[RECORDS];
};
static_assert(sizeof(Records) <= 0x8000);

// Clients of trials wait this long before they end, longer than a trial, so that their states can be examined.
constexpr u32 LOOK_MS = 10000;

// Keeps the records of a client.
struct Recorder {
  Records *records = reinterpret_cast<Records *>(section(self()) + HEAP);

  Recorder() { records->tag = RECORDS_TAG; }

  // Records the result of a request.
  i32 record(u32 service, u32 method, i32 result, u32 digest = 0) {
    Records &all = *records;
    u32 n = all.count++;
    u32 what = service << 8 | method;
    all.chain = mix(mix(mix(mix(all.chain, what), static_cast<u32>(result)), digest), n);
    all.ring[n % RECORDS] = {n + 1, what, result, digest, all.chain};
    return result;
  }

  // A call, and its record.
  i32 use(u32 service, Handle h, u32 method, u32 a = 0, u32 b = 0, u32 c = 0) {
    return record(service, method, call(h, method, a, b, c));
  }

  i32 join(u32 service, Handle h) { return record(service, CONNECT_METHOD, connect(h)); }

  Handle find(const char *service) { return found(lookup(service)); }
  Handle found(Handle h) {
    record(NAMES_ID, NAMES_LOOKUP, failed(h) ? static_cast<i32>(h) : OK);
    return h;
  }

  void end() { records->ended = 1; }
};

// The schedule of periodic work. Clients start one after the other, so that a delay in one does not change the order in
// which they connect. Then a piece begins every few milliseconds, at times of the client's own. If one ends late, the next
// begins at once, until the delay is made up for.
class Schedule {
 public:
  // Waits for the client's start; its records exist before that. `phase`: milliseconds from the beginning of a period to its pieces.
  Schedule(u32 place, u32 phase) : next_(FIRST_MS + phase) {
    Recorder();
    wait_until(0, START_MS + place * APART_MS);
  }
  void await_next() {
    next_ += PERIOD_MS;
    if (static_cast<i32>(next_ - milliseconds()) > 0) wait_until(0, next_);
  }

 private:
  // Long enough for the system to be idle between the starts, and at the end of a period, also under policy ssr-twice.
  static constexpr u32 START_MS = 20, APART_MS = 5, FIRST_MS = 40, PERIOD_MS = 20;
  u32 next_;  // milliseconds since boot
};

// How a client that handles the failures of servers itself (aware.h) uses names and the console.
struct Careful {
  Handle (*find)(const char *service);
  i32 (*write)(Handle console, Handle memory, u32 bytes);
};

// A client's transcript: lines that begin with its name, and at the end the errors that it has seen.
struct Report : Recorder {
  char buffer[Line::ROOM + 4];
  Console console;
  const char *group;
  u32 number;
  u32 errors = 0;
  u32 lost = 0;
  const Careful *careful;  // or null

  Report(const char *name, u32 n, const Careful *c = nullptr) : group(name), number(n), careful(c) {
    Handle found = careful == nullptr ? lookup("console") : careful->find("console");
    if (record(CONSOLE_ID, CONNECT_METHOD, console.begin(found, buffer, sizeof buffer)) < 0) errors++;
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
    i32 result = write(used);
    if (result == LOST) {
      lost++;
      connect(console.console);
      result = write(used);
    }
    if (result == FAULTED) result = write(used);
  }

  i32 write(u32 bytes) {
    return record(CONSOLE_ID, CONSOLE_WRITE,
                  careful == nullptr ? console.write(bytes) : careful->write(console.console, console.memory, bytes));
  }

  // A result that must be the expected one; a lost session is made again.
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
    records->errors = errors;
    records->lost = lost;
    Recorder::end();
  }
};

}  // namespace
}  // namespace curios
