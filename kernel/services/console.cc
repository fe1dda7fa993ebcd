// The console: driver of UART0 (PL011, ARM DDI 0183). Lines are put together in each client's state, and sent whole, so
// that those of different clients do not mix.
#include <curios/descriptor.h>

namespace curios {

constexpr u32 LINE = 112;
constexpr u32 DATA = 0x00, FLAGS = 0x18, MASK = 0x38, CLEAR = 0x44;
constexpr u32 TRANSMIT_FULL = 0x20, RECEIVE_EMPTY = 0x10, RECEIVE_INTERRUPTS = 0x50;
constexpr u32 INPUT_KEY = 1;
constexpr char BACKSPACE = 8, DELETE = 127;

struct State {
  u32 tag;
  u32 used;      // characters of the line that is not full yet
  u32 read_to;   // of a reader: the input that it has had ends here
  char line[LINE];
};

// What is typed: characters `out` to `in` of all that ever came. Kept in the state of the one who brings it, uartirq, so
// that nothing typed is lost in a crash; the server's own is a copy.
struct Input {
  u32 tag;
  u32 in, out;
  char ring[LINE];
};
static_assert(sizeof(Input) == sizeof(State));

static Input input;

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
      }
    }
    done += n;
  }
  system(SYS_PUBLISH);
  return static_cast<i32>(bytes);
}

static char typed_at(u32 i) { return input.ring[i % LINE]; }

static bool has_line() {
  for (u32 i = input.out; i != input.in; i++)
    if (typed_at(i) == '\n') return true;
  return false;
}

// Waits for a whole line; what is typed is echoed, and can be taken back.
static i32 read(State *s, u32 memory, u32 room) {
  if (s == nullptr) return NOT_CONNECTED;
  for (;;) {
    if (static_cast<i32>(s->read_to - input.out) > 0) input.out = s->read_to;
    if (has_line()) break;
    wait(INPUT_KEY);
  }
  u32 n = 0;
  for (bool ended = false; !ended && n < room; n++, input.out++) {
    char c = typed_at(input.out);
    ended = c == '\n';
    i32 result = copy_out(memory, n, &c, 1);
    if (result < 0) return result;
  }
  s->read_to = input.out;
  return static_cast<i32>(n);
}

static void echo(char c) {
  while ((uart(FLAGS) & TRANSMIT_FULL) != 0) {
  }
  uart(DATA) = static_cast<u8>(c);
}

static void typed(char c) {
  if (c == '\r') c = '\n';
  if (c == BACKSPACE || c == DELETE) {
    if (input.in == input.out || typed_at(input.in - 1) == '\n') return;
    input.in--;
    for (const char *p = "\b \b"; *p != 0; p++) echo(*p);
    return;
  }
  u32 room = LINE - (input.in - input.out);
  if ((c < ' ' && c != '\n') || room == 0 || (room == 1 && c != '\n')) return;
  input.ring[input.in++ % LINE] = c;
  echo(c);
}

static i32 notify(State *s) {
  if (s == nullptr || caller() != UART_IRQ_ID) return NOT_CONNECTED;
  while ((uart(FLAGS) & RECEIVE_EMPTY) == 0) typed(static_cast<char>(uart(DATA)));
  uart(CLEAR) = RECEIVE_INTERRUPTS;
  Input *kept = reinterpret_cast<Input *>(s);
  input.tag = kept->tag;
  *kept = input;
  if (has_line()) wake(INPUT_KEY);
  return OK;
}

static void construct(u32) { uart(MASK) = RECEIVE_INTERRUPTS; }

static i32 recover(State *s, u32 owner) {
  if (owner == UART_IRQ_ID) {
    const Input *kept = reinterpret_cast<const Input *>(s);
    if (kept->in - kept->out > LINE) return BAD_ARGUMENT;
    u32 out = input.out;
    input = *kept;
    if (static_cast<i32>(out - input.out) > 0) input.out = out;
    return OK;
  }
  if (s->used > LINE) return BAD_ARGUMENT;
  if (static_cast<i32>(s->read_to - input.out) > 0) input.out = s->read_to;
  return OK;
}

INTROSPECTION = {
    FIELD_OF("console", State, used),          FIELD_OF("console", State, read_to),
    FIELD_OF("console", State, line),          FIELD_OF("console/uartirq", Input, in),
    FIELD_OF("console/uartirq", Input, out),   FIELD_OF("console/uartirq", Input, ring),
};

METHODS = {
    {ENTRY(write), NOT_CONNECTED, 0xffff, "write"},
    {ENTRY(read), NOT_CONNECTED, 0xffff, "read"},
    {ENTRY(notify), NOT_CONNECTED, OK, "notify"},
};

SERVICE(console, CONSOLE_ID, .construct = ENTRY(construct), .recover = ENTRY(recover), .state_bytes = sizeof(State),
        .tag = 0x434f0001, .deadline = 50, .device = 0x101f1000)

}  // namespace curios
