// The console: driver of UART0 (PL011, ARM DDI 0183). Lines are collected in each client's state and sent whole, so
// those of different clients do not mix. Each character is sent and received exactly once: these system calls commit,
// with a state that records the progress of the request. After a crash the request starts again at its entry and
// continues from that state; no register outlives a commit (docs/kernel.md, "Effects").
#include <curios/descriptor.h>

namespace curios {

constexpr u32 LINE = 108, FIFO = 16;
constexpr u32 DATA = 0x00, FLAGS = 0x18, MASK = 0x38, CLEAR = 0x44;
constexpr u32 TRANSMIT_EMPTY = 0x80, RECEIVE_EMPTY = 0x10, RECEIVE_INTERRUPTS = 0x50;
constexpr u32 MOST = 0xffff;   // bytes of a request
constexpr u32 INPUT_KEY = 1;
constexpr i32 MORE = 1;        // notify has not yet emptied the device
constexpr u32 NAP = 50;  // milliseconds after which a reader checks again, in case a wake-up was lost
constexpr u32 TAG = 0x434f0001;
constexpr char BACKSPACE = 8, DELETE = 127;

struct State {
  Guarded guard;
  u32 used;      // characters in `line`
  u32 read_to;   // of a reader: the end of the input that it has got
  u16 done;      // bytes of the client's text copied to the line or sent; 0 between requests
  u8 sent;       // characters at the start of the line that have been sent
  u8 keys;       // of a reader: it reads keys, and echoes them itself
  char line[LINE];
};

// The input: characters `out` to `in` of all received. It is in the state of uartirq, which delivers it, so that a
// crash loses nothing; the server has a copy.
struct Input {
  Guarded guard;
  u32 in, out;
  u32 taken;     // from the device, not yet in the ring
  u32 keys;      // the last reader's mode: all keys, without an echo
  char ring[LINE - sizeof(u32)];
};
static_assert(sizeof(Input) == sizeof(State));
constexpr u32 RING = sizeof(Input::ring);

static Input input;

// Lets the device interrupt for each character that it receives.
static void receive() {
  device_set(MASK, RECEIVE_INTERRUPTS);
  check(device_read(MASK) == fresh<RECEIVE_INTERRUPTS>());
}

static bool is_new(const Input *kept) { return kept->in == 0 && kept->out == 0; }

// The input; asserts that it is undamaged. The caller cannot take the address from a register that it has already.
[[gnu::noinline]] static Input &sound_input() {
  Input *i = &input;
  asm volatile("" : "+r"(i));
  check(Guarded::sum(i, sizeof *i) == 0);
  return *i;
}

// Asserts that this is the input, undamaged, and no other memory.
static void check_input(const Input *kept) {
  check(kept->guard.tag == fresh<TAG>() && Guarded::sum(kept, sizeof *kept) == 0);
}

static void wait_until_empty() {
  while ((device_read(FLAGS) & TRANSMIT_EMPTY) == 0) {
  }
}

// Whatever is used after a commit is checked before it: a wrong pointer would be committed too. The FIFO is empty; what
// is computed before the wait for that would have to last until its end.
static void put(const Guarded &state, const char *text, u32 count) {
  check(state.tag == fresh<TAG>() && count <= FIFO);
  device_put(DATA, text, count, 1);
}

// Length of the first complete line, or 0.
[[gnu::noinline]] static u32 whole_line(const State *s) {
  for (u32 i = 0; i < s->used; i++)
    if (s->line[i] == '\n') return i + 1;
  return s->used == LINE ? LINE : 0;
}

// Whether what is sent may end after so many characters.
static bool is_end(const State *s, u32 line) {
  return s->guard.tag == fresh<TAG>() && line - 1 < s->used && (line == s->used || line == LINE || s->line[line - 1] == '\n');
}

// Sends part of the line, or removes it when all of it has been sent.
static void send(State *s, u32 line) {
  check(is_end(s, line));
  u32 left = line - s->sent, part = left < FIFO ? left : FIFO;
  if (left != 0) {
    u32 before = s->sent;
    s->guard.set(s->sent, static_cast<u8>(before + part));
    wait_until_empty();
    check(is_end(anew(s), line) && s->sent <= line && s->sent == before + part);
    put(s->guard, s->line + before, part);
    return;
  }
  s->guard.change(s->line, LINE, [&] {
    for (u32 i = line; i < s->used; i++) s->line[i - line] = s->line[i];
  });
  s->guard.set(s->used, s->used - line);
  s->guard.set(s->sent, static_cast<u8>(0));
}

static bool are_same(const char *a, const char *b, u32 bytes) {
  u32 same = 0;
  while (same < bytes && a[same] == b[same]) same++;
  return same == bytes;
}

// Asserts that the line goes on with `n` bytes of the client's text: they are copied once more.
[[gnu::noinline]] static void check_copied(const State *s, u32 n) {
  char again[LINE];
  check(copy_in(asked(1), s->done, again, n) == static_cast<i32>(n));
  check(s->guard.tag == fresh<TAG>() && are_same(again, s->line + s->used, n));
}

// Copies the text from the client's memory into the line, not through registers, and reads what it needs from the state
// each time. An incomplete line at the end waits for the rest, or is sent at once.
static i32 put_out(State *s, u32 memory, u32 bytes, bool at_once) {
  if (s == nullptr) return NOT_CONNECTED;
  if (bytes > MOST) return BAD_ARGUMENT;
  if (!has_committed()) s->guard.set(s->done, static_cast<u16>(0));
  for (i32 last = OK;;) {
    check(s->used <= LINE && s->sent <= s->used && s->done <= asked(2) && caller() != fresh<UART_IRQ_ID>());
    if (u32 line = whole_line(s)) {
      send(s, line);
      continue;
    }
    check(s->guard.tag == fresh<TAG>());
    u32 left = asked(2) - s->done, room = LINE - s->used, n = left < room ? left : room;
    if (left == 0 && at_once && s->used != 0) {
      send(s, s->used);
      continue;
    }
    if (left == 0) {
      check(s->done == asked(2) && whole_line(anew(s)) == 0);
      break;
    }
    i32 result = OK;
    s->guard.change(s->line + s->used, n, [&] { result = copy_in(memory, s->done, s->line + s->used, n); });
    if (result < 0) {
      if (result == last || !has_committed()) return result;
      last = result;        // the kernel does not do again what has committed, so this looks twice
      memory = asked(1);
      continue;
    }
    check_copied(s, n);
    s->guard.set(s->used, s->used + n);
    s->guard.set(s->done, static_cast<u16>(s->done + n));
  }
  s->guard.set(s->done, static_cast<u16>(0));
  system(SYS_PUBLISH);
  return static_cast<i32>(asked(2));
}

static i32 write(State *s, u32 memory, u32 bytes) { return put_out(s, memory, bytes, false); }
static i32 show(State *s, u32 memory, u32 bytes) { return put_out(s, memory, bytes, true); }

static char typed_at(const Input &i, u32 n) { return i.ring[n % RING]; }

static bool has_line(const Input &i) {
  for (u32 n = i.out; n != i.in; n++)
    if (typed_at(i, n) == '\n') return true;
  return false;
}

// Whether there is input for the last reader.
static bool has_input(const Input &i) { return i.keys != 0 ? i.in != i.out : has_line(i); }

// How a reader reads: these differ in two bits, so that a flipped one makes neither.
constexpr u8 LINES = 0, KEYS = 3;

// Copies the input, up to the end of a line at most; returns its length.
[[gnu::noinline]] static u32 get_input(char *text, u32 room) {
  const Input &i = sound_input();
  u32 n = 0;
  for (bool ended = false; !ended && n < room && n < RING && i.out + n != i.in; n++) {
    text[n] = typed_at(i, i.out + n);
    ended = text[n] == '\n';
  }
  return n;
}

// Whether a reader got input to this end, of which the service knows nothing.
[[gnu::noinline]] static bool is_ahead(const State *s, u32 end) { return static_cast<i32>(s->read_to - end) > 0; }

// Waits for a complete line, or for any key. Reads up to the end of a line at most.
static i32 take(State *s, u32 memory, u32 room, u8 keys) {
  if (s == nullptr) return NOT_CONNECTED;
  if (room == 0) return BAD_ARGUMENT;
  for (;;) {
    Input &i = sound_input();
    check(keys == LINES || keys == KEYS);
    if (is_ahead(s, i.in)) {   // forgets input that was lost
      check(is_ahead(anew(s), sound_input().in));
      s->guard.set(s->read_to, i.in);
    }
    if (is_ahead(s, i.out)) {
      check(is_ahead(anew(s), sound_input().out));
      i.guard.set(i.out, s->read_to);
    }
    if (s->keys != keys) s->guard.set(s->keys, keys);
    if (i.keys != keys) i.guard.set(i.keys, static_cast<u32>(keys));
    check(i.keys == LINES || i.keys == KEYS);
    if (has_input(i)) break;
    if (wait(INPUT_KEY, NAP) == TIMED_OUT) return TIMED_OUT;
  }
  char text[RING], again[RING];
  u32 n = get_input(text, room), out = input.out;
  check(n != 0 && get_input(anew(again), asked(2)) == n && are_same(text, again, n));
  check(text[n - 1] == '\n' || n == RING || n == asked(2) || (s->keys != 0 && out + n == input.in));
  i32 result = copy_out(memory, 0, text, n);
  if (result < 0) return result;
  check(result == static_cast<i32>(n));
  s->guard.set(s->read_to, out + n);
  check(s->read_to == input.out + n);
  input.guard.set(input.out, s->read_to);
  const State *after = anew(s);
  u32 end = out + static_cast<u32>(result);
  check(input.out == end && after->read_to == end && after->guard.tag == fresh<TAG>());
  return result;
}

// Input is echoed, and can be erased.
static i32 read(State *s, u32 memory, u32 room) { return take(s, memory, room, LINES); }
// Input is passed on as it is, including control characters; a carriage return becomes the end of a line.
static i32 keys(State *s, u32 memory, u32 room) { return take(s, memory, room, KEYS); }

// A carriage return ends a line, too.
static char as_typed(u32 taken) {
  char c = static_cast<char>(taken);
  return c == '\r' ? '\n' : c;
}

// Moves the character taken from the device to the input, and echoes it. Whoever finds `taken` set finishes this.
static void typed(Input *kept) {
  char c = as_typed(kept->taken);
  u32 room = RING - (kept->in - kept->out);
  bool line = kept->keys == 0;
  if (line && (c == BACKSPACE || c == DELETE)) {
    bool erases = kept->in != kept->out && typed_at(*kept, kept->in - 1) != '\n';
    if (erases) kept->guard.set(kept->in, kept->in - 1);
    kept->guard.set(kept->taken, 0u);
    char erase[] = {BACKSPACE, ' ', BACKSPACE};
    if (erases) wait_until_empty(), put(kept->guard, erase, sizeof erase);
  } else if ((line && c < ' ' && c != '\n') || room == 0 || (room == 1 && c != '\n')) {
    kept->guard.set(kept->taken, 0u);
  } else {
    kept->guard.set(kept->ring[kept->in % RING], c);
    kept->guard.set(kept->in, kept->in + 1);
    check(RING - (kept->in - kept->out) + 1 == room && typed_at(*kept, kept->in - 1) == as_typed(anew(kept)->taken));
    kept->guard.set(kept->taken, 0u);
    if (line) wait_until_empty();
    const Input *again = anew(kept);
    check(line == (again->keys == 0));
    if (line) put(again->guard, &again->ring[(again->in - 1) % RING], 1);
  }
}

// Appends a printable character, the end of a line, or any key, to the input, unless it is full.
static void put_in(Input *kept) {
  u32 before = kept->in, c = kept->taken & 0xff;
  typed(kept);
  bool counts = (kept->keys != 0 || (c >= ' ' && c != DELETE) || as_typed(c) == '\n') && before - kept->out < RING - 1;
  check(kept->taken == 0 && (!counts || kept->in == before + 1));
  check_input(kept);
}

static i32 notify(State *s) {
  if (s == nullptr || caller() != UART_IRQ_ID) return NOT_CONNECTED;
  Input *kept = reinterpret_cast<Input *>(s);
  if (is_new(kept) && kept->taken == 0) {
    u32 tag = kept->guard.tag;
    *kept = sound_input();
    kept->guard.set(kept->guard.tag, tag);
  }
  const Input &last = sound_input();
  kept->guard.set(kept->out, last.out);
  if (kept->keys != last.keys) kept->guard.set(kept->keys, last.keys);
  const Input &again = sound_input();
  check(kept->out == again.out && kept->keys == again.keys);
  check_input(kept);
  if (kept->taken != 0) put_in(kept);
  receive();                                // again: a flipped bit would let the device interrupt without end
  device_write(CLEAR, RECEIVE_INTERRUPTS);  // before reading: later characters interrupt again
  u32 n = 0;
  for (; n < FIFO && (device_read(FLAGS) & RECEIVE_EMPTY) == 0; n++) {
    check(kept->guard.tag == fresh<TAG>() && kept->taken == 0);
    device_take_into<offsetof(Input, taken)>(DATA);
    put_in(kept);
  }
  check_input(kept);
  input = *kept;
  const Input &now = sound_input();
  check(now.in == kept->in && now.guard.tag == fresh<TAG>());
  if (has_input(now)) wake(INPUT_KEY);
  return n == FIFO ? MORE : OK;
}

static void construct(u32) { receive(); }

static i32 recover(State *s, u32 owner) {
  if (owner == UART_IRQ_ID) {
    const Input *kept = reinterpret_cast<const Input *>(s);
    if (is_new(kept)) return OK;
    if (kept->in - kept->out > RING) return BAD_ARGUMENT;
    u32 out = input.out, keys = input.keys;
    input = *kept;
    input.guard.set(input.keys, keys);
    if (static_cast<i32>(out - input.out) > 0) input.guard.set(input.out, out);
    return OK;
  }
  if (s->used > LINE || s->sent > s->used) return BAD_ARGUMENT;
  if (s->keys != 0) input.guard.set(input.keys, static_cast<u32>(KEYS));
  u32 had = s->read_to - input.out;
  if (had <= input.in - input.out) input.guard.set(input.out, s->read_to);
  return OK;
}

INTROSPECTION = {
    FIELD_OF("console", State, used),          FIELD_OF("console", State, read_to),
    FIELD_OF("console", State, done),          FIELD_OF("console", State, sent),
    FIELD_OF("console", State, keys),          FIELD_OF("console/uartirq", Input, keys),
    FIELD_OF("console", State, line),          FIELD_OF("console/uartirq", Input, in),
    FIELD_AS("console/uartirq", Input, out, Show::PASSING),   FIELD_OF("console/uartirq", Input, ring),
};

METHODS = {
    {ENTRY(write), TIMED_OUT, MOST, "write"},
    {ENTRY(read), TIMED_OUT, LINE, "read"},
    {ENTRY(notify), NOT_CONNECTED, MORE, "notify"},
    {ENTRY(show), TIMED_OUT, MOST, "show"},
    {ENTRY(keys), TIMED_OUT, LINE, "keys"},
};

SERVICE(console, CONSOLE_ID, .construct = ENTRY(construct), .recover = ENTRY(recover), .state_bytes = sizeof(State),
        .tag = TAG, .deadline = 50, .device = {0x101f1000}, .once = 1u << DATA / sizeof(u32),
        .longest_wait = NAP, .checks = CHECK_PRIVATE | CHECK_CODE | CHECK_WRITES, .from_entry = 1)

}  // namespace curios
