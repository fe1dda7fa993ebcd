// The services and their methods, as clients call them.
#pragma once
#include "object.h"

namespace curios {

enum ObjectId : u32 { NAMES_ID = 1, CONSOLE_ID, TIMER_ID, SCHEDULER_ID, STORE_ID, UART_IRQ_ID, COUNTER_ID, NET_IRQ_ID = 9, METER_ID, FILES_ID, CARD_ID, NET_ID, ETHER_ID, INIT_ID = 15, FLUSH_ID = 64 };

// console: lines of text; lines of different clients never mix. Connect before writing.
enum ConsoleMethod : u32 {
  CONSOLE_WRITE,   // memory handle, bytes
  CONSOLE_READ,    // memory handle, room: reads a line; bytes
  CONSOLE_NOTIFY,  // the UART has interrupted
  CONSOLE_SHOW,    // like CONSOLE_WRITE, but also sends an incomplete line
  CONSOLE_KEYS,    // memory handle, room: input as it is typed, up to the end of a line; bytes
};

// timer: one timer per client. Connect first.
enum TimerMethod : u32 {
  TIMER_SET,       // milliseconds from now, period in milliseconds or 0
  TIMER_WAIT,      // waits until it expires; expirations since the last wait
  TIMER_CANCEL,
  TIMER_LEFT,      // milliseconds to the next expiry
};

// sched: a client's priority. Connect first.
enum SchedulerMethod : u32 {
  SCHEDULER_SET,   // 1 (high) to 7
  SCHEDULER_GET,   // the requested priority; second result: the current one
  SCHEDULER_CLIENTS,  // the number of its clients
};

// store: words by key, separate for each client. Connect first.
enum StoreMethod : u32 {
  STORE_PUT,       // key, value: 1 if the key is new, 0 if it existed
  STORE_GET,       // key: OK and the value, or ABSENT
  STORE_REMOVE,    // key
  STORE_COUNT,     // of this client
};

// counter: an example.
enum CounterMethod : u32 {
  COUNTER_NOTHING,  // needs no state; returns the low byte of its argument
  COUNTER_ADD,      // up to 1000: the number of additions so far
  COUNTER_SUM,      // of the last 12 additions
  COUNTER_TOUCH,    // writes the state
  COUNTER_TURN,     // times, 1 for private memory: rotates the history; its first word
};
constexpr u32 COUNTER_HISTORY = 12;

// meter: for measurements of calls and states.
enum MeterMethod : u32 {
  METER_NOTHING,   // needs no state; returns the low byte of its argument
  METER_TOUCH,     // changes the state
  METER_FILL,      // sets its words to 1, 2, ...
  METER_TURN,      // times, 1 for private memory: rotates the words; the first one
};
constexpr u32 METER_WORDS = 14;

// The services of the image measure/checks.
constexpr u32 METERED_TOUCH = 0;   // changes the state and private data

namespace {

// How a client's requests reach a service: directly. Trials put a layer in between (clients/aware.h).
struct Direct {
  Handle find(const char *service) const { return lookup(service); }
  i32 ask(Handle h, u32 method, u32 a = 0, u32 b = 0, u32 c = 0) const { return call(h, method, a, b, c); }
};

// Sends text to the console. The buffer must be the caller's own memory.
struct Console {
  Handle console = 0, memory = 0;
  i32 begin(const char *buffer, u32 bytes) { return begin(lookup("console"), buffer, bytes); }
  i32 begin(Handle found, const char *buffer, u32 bytes) {
    console = found;
    if (failed(console)) return static_cast<i32>(console);
    memory = grant(buffer, bytes);
    return failed(memory) ? static_cast<i32>(memory) : connect(console);
  }
  i32 write(u32 bytes) const { return call(console, CONSOLE_WRITE, memory, bytes); }
};

// Builds a line of text.
class Line {
 public:
  Line &operator<<(const char *text) {
    while (*text != 0) put(*text++);
    return *this;
  }
  Line &operator<<(u32 n) {
    char digits[10];
    u32 count = 0;
    do {
      digits[count++] = static_cast<char>('0' + n % 10);
      n /= 10;
    } while (n != 0);
    while (count > 0) put(digits[--count]);
    return *this;
  }
  Line &operator<<(i32 n) {
    if (n < 0) put('-');
    return *this << static_cast<u32>(n < 0 ? -n : n);
  }
  Line &hex(u32 n) {
    for (i32 shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[n >> shift & 15]);
    return *this;
  }
  const char *text() const { return text_; }
  static constexpr u32 ROOM = 96;
  u32 take() {
    u32 n = used_;
    used_ = 0;
    return n;
  }

 private:
  void put(char c) {
    if (used_ < ROOM) text_[used_++] = c;
  }
  char text_[ROOM];
  u32 used_ = 0;
};

}  // namespace
}  // namespace curios
