// The console: driver of UART0 (PL011, ARM DDI 0183). Lines are put together in each client's state, and sent whole, so
// that those of different clients do not mix.
#include <curios/descriptor.h>

namespace curios {

constexpr u32 LINE = 116;
constexpr u32 INPUT = 128;
constexpr u32 DATA = 0x00, FLAGS = 0x18, MASK = 0x38, CLEAR = 0x44;
constexpr u32 TRANSMIT_FULL = 0x20, RECEIVE_EMPTY = 0x10, RECEIVE_INTERRUPTS = 0x50;
constexpr u32 INPUT_KEY = 1;

struct State {
  u32 tag;
  u32 used;
  u32 lines;     // sent so far
  char line[LINE];
};

static char input[INPUT];
static u32 input_in, input_out;

static volatile u32 &uart(u32 offset) {
  return *reinterpret_cast<volatile u32 *>(region(CONSOLE_ID) + DEVICE + offset);
}

static void send(const State *s) {
  for (u32 i = 0; i < s->used; i++) {
    while ((uart(FLAGS) & TRANSMIT_FULL) != 0) {
    }
    uart(DATA) = static_cast<u8>(s->line[i]);
  }
}

static i32 write(State *s, u32 memory, u32 bytes) {
  if (s == nullptr) return NOT_CONNECTED;
  u32 before = s->used;
  for (u32 done = 0; done < bytes;) {
    char part[16];
    u32 n = bytes - done < sizeof part ? bytes - done : sizeof part;
    i32 result = copy_in(memory, done, part, n);
    if (result < 0) {
      s->used = before;
      return result;
    }
    for (u32 i = 0; i < n; i++) {
      s->line[s->used++] = part[i];
      if (part[i] == '\n' || s->used == LINE) {
        send(s);
        s->used = before = 0;
        s->lines++;
      }
    }
    done += n;
  }
  system(SYS_PUBLISH);
  return static_cast<i32>(bytes);
}

static i32 read(State *s, u32 memory, u32 room) {
  if (s == nullptr) return NOT_CONNECTED;
  while (input_in == input_out) wait(INPUT_KEY);
  u32 n = 0;
  while (input_in != input_out && n < room) {
    char c = input[input_out % INPUT];
    i32 result = copy_out(memory, n, &c, 1);
    if (result < 0) return result;
    input_out++;
    n++;
    if (c == '\n') break;
  }
  return static_cast<i32>(n);
}

static i32 notify(State *) {
  bool any = false;
  while ((uart(FLAGS) & RECEIVE_EMPTY) == 0) {
    char c = static_cast<char>(uart(DATA));
    if (input_in - input_out < INPUT) input[input_in++ % INPUT] = c;
    any = true;
  }
  uart(CLEAR) = RECEIVE_INTERRUPTS;
  if (any) wake(INPUT_KEY);
  return OK;
}

static void construct(u32) { uart(MASK) = RECEIVE_INTERRUPTS; }

static i32 recover(State *s, u32) { return s->used <= LINE ? static_cast<i32>(OK) : static_cast<i32>(BAD_ARGUMENT); }

METHODS = {
    {ENTRY(write), NOT_CONNECTED, 0xffff, "write"},
    {ENTRY(read), NOT_CONNECTED, 0xffff, "read"},
    {ENTRY(notify), OK, OK, "notify"},
};

SERVICE(console, CONSOLE_ID, .construct = ENTRY(construct), .recover = ENTRY(recover), .state_bytes = sizeof(State),
        .tag = 0x434f0001, .deadline = 50, .device = 0x101f1000)

}  // namespace curios
