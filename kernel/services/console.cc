// The console: driver of UART0 (PL011, ARM DDI 0183). Lines are put together in each client's state, and sent whole, so
// that those of different clients do not mix. What is sent and what is received counts once: each of these system calls
// commits, and a request goes on from there after a crash (docs/kernel.md, effects).
#include <curios/descriptor.h>

namespace curios {

constexpr u32 LINE = 112, FIFO = 16;
constexpr u32 DATA = 0x00, FLAGS = 0x18, MASK = 0x38, CLEAR = 0x44;
constexpr u32 TRANSMIT_EMPTY = 0x80, RECEIVE_EMPTY = 0x10, RECEIVE_INTERRUPTS = 0x50;
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

static void send(const char *text, u32 count) {
  for (u32 sent = 0; sent < count;) {
    while ((device_read(FLAGS) & TRANSMIT_EMPTY) == 0) {
    }
    u32 part = count - sent < FIFO ? count - sent : FIFO;
    device_put(DATA, text + sent, part, 1);
    sent += part;
  }
}

// The text goes from the client's memory into the line, past no register.
static i32 write(State *s, u32 memory, u32 bytes) {
  if (s == nullptr) return NOT_CONNECTED;
  u32 used = s->used;
  for (u32 done = 0; done < bytes;) {
    u32 n = bytes - done < LINE - used ? bytes - done : LINE - used;
    i32 result = copy_in(memory, done, s->line + used, n);
    if (result < 0) return result;
    done += n;
    u32 begin = 0, end = used + n;
    for (u32 i = used; i < end; i++) {
      if (s->line[i] != '\n' && i + 1 - begin != LINE) continue;
      send(s->line + begin, i + 1 - begin);
      begin = i + 1;
    }
    used = end - begin;
    for (u32 i = 0; begin != 0 && i < used; i++) s->line[i] = s->line[begin + i];
  }
  s->used = used;
  system(SYS_PUBLISH);
  return static_cast<i32>(bytes);
}

static char typed_at(const Input &i, u32 n) { return i.ring[n % LINE]; }

static bool has_line(const Input &i) {
  for (u32 n = i.out; n != i.in; n++)
    if (typed_at(i, n) == '\n') return true;
  return false;
}

// Waits for a whole line; what is typed is echoed, and can be taken back.
static i32 read(State *s, u32 memory, u32 room) {
  if (s == nullptr) return NOT_CONNECTED;
  for (;;) {
    if (static_cast<i32>(s->read_to - input.in) > 0) s->read_to = input.in;  // what it had had is forgotten
    if (static_cast<i32>(s->read_to - input.out) > 0) input.out = s->read_to;
    if (has_line(input)) break;
    if (wait(INPUT_KEY) == TIMED_OUT) return TIMED_OUT;
  }
  char text[LINE];
  u32 n = 0, out = input.out;
  for (bool ended = false; !ended && n < room && n < LINE; n++, out++) {
    text[n] = typed_at(input, out);
    ended = text[n] == '\n';
  }
  i32 result = copy_out(memory, 0, text, n);
  if (result < 0) return result;
  s->read_to = input.out = out;
  return static_cast<i32>(n);
}

static void typed(Input *kept, char c) {
  if (c == '\r') c = '\n';
  if (c == BACKSPACE || c == DELETE) {
    if (kept->in == kept->out || typed_at(*kept, kept->in - 1) == '\n') return;
    kept->in--;
    char erase[] = {BACKSPACE, ' ', BACKSPACE};
    send(erase, sizeof erase);
    return;
  }
  u32 room = LINE - (kept->in - kept->out);
  if ((c < ' ' && c != '\n') || room == 0 || (room == 1 && c != '\n')) return;
  kept->ring[kept->in++ % LINE] = c;
  send(&c, 1);
}

static i32 notify(State *s) {
  if (s == nullptr || caller() != UART_IRQ_ID) return NOT_CONNECTED;
  Input *kept = reinterpret_cast<Input *>(s);
  kept->out = input.out;
  while ((device_read(FLAGS) & RECEIVE_EMPTY) == 0) typed(kept, static_cast<char>(device_take(DATA)));
  device_write(CLEAR, RECEIVE_INTERRUPTS);
  input = *kept;
  if (has_line(input)) wake(INPUT_KEY);
  return OK;
}

static void construct(u32) { device_write(MASK, RECEIVE_INTERRUPTS); }

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
  u32 had = s->read_to - input.out;
  if (had <= input.in - input.out) input.out = s->read_to;
  return OK;
}

INTROSPECTION = {
    FIELD_OF("console", State, used),          FIELD_OF("console", State, read_to),
    FIELD_OF("console", State, line),          FIELD_OF("console/uartirq", Input, in),
    FIELD_OF("console/uartirq", Input, out),   FIELD_OF("console/uartirq", Input, ring),
};

METHODS = {
    {ENTRY(write), TIMED_OUT, 0xffff, "write"},
    {ENTRY(read), TIMED_OUT, LINE, "read"},
    {ENTRY(notify), NOT_CONNECTED, OK, "notify"},
};

SERVICE(console, CONSOLE_ID, .construct = ENTRY(construct), .recover = ENTRY(recover), .state_bytes = sizeof(State),
        .tag = 0x434f0001, .deadline = 50, .device = 0x101f1000,
        .longest_wait = FOREVER, .checks = CHECK_PRIVATE | CHECK_CODE)

}  // namespace curios
