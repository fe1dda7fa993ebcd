// A request's changes: recorded while it runs, written to kept memory at its commit; then its segments are sent.
#include "net.h"

namespace curios::net {

constexpr u32 QUEUE = 16;
constexpr u32 MOST_WRITES = 24;      // per commit, besides the control blocks
constexpr u32 MOST_ROUNDS = 64;

struct Queue {
  u32 first, count;
  Segment segments[QUEUE];
};

LARGE Control controls[SOCKETS];
LARGE static Queue outside, inside;  // segments for the wire, and for this machine itself
LARGE static u8 stage[STAGED];
Host host;

LARGE static u32 clock;               // valid if it is known
INTROSPECTION = {NOTED_VARIABLE("net.clock", u32), NOTED_ARRAY("net.stage", stage), NOTED_VARIABLE("net.outside", Queue),
                 NOTED_VARIABLE("net.inside", Queue)};
static bool clock_known, host_touched;
static u32 touched, stalled;         // one bit for each socket
static u32 writes;
static u32 stage_socket, stage_seq;  // its place, plus 1
static_assert(SOCKETS <= 32);

// Removes the next socket from a set.
static Control &take(u32 &set) {
  u32 i = static_cast<u32>(__builtin_ctz(set));
  set &= set - 1;
  return controls[i];
}

u32 now() {
  if (!clock_known) clock = milliseconds();
  clock_known = true;
  return clock;
}

void begin() {
  check(used_sockets <= SOCKETS);
  clock_known = false;
  writes = 0;
  stage_socket = stage_seq = 0;
}

void touch(Control &c) { touched |= 1u << place_of(c); }
void touch_host() { host_touched = true; }

static u32 ring_offset(u32 ring) { return KEPT_RINGS + ring * RING; }
u32 ring_run(u32 at) { return RING - at % RING; }
const u8 *ring_data(u32 ring, u32 at) { return kept_memory<NET_ID>(ring_offset(ring) + at % RING); }

void ring_put(u32 ring, u32 at, const u8 *from, u32 bytes) {
  for (u32 done = 0; done < bytes;) {
    u32 n = least(bytes - done, ring_run(at + done));
    check(keep(ring_offset(ring) + (at + done) % RING, from + done, n) == OK);
    writes++;
    done += n;
  }
}

i32 ring_put_from(u32 ring, u32 at, Handle memory, u32 offset, u32 bytes) {
  for (u32 done = 0; done < bytes;) {
    u32 n = least(bytes - done, ring_run(at + done));
    i32 result = keep_from(ring_offset(ring) + (at + done) % RING, memory, offset + done, n);
    if (result < 0) return result;
    writes++;
    done += n;
  }
  return OK;
}

u8 *staging() { return stage; }
void staged(const Control &c, u32 seq) {
  stage_socket = place_of(c) + 1;
  stage_seq = seq;
}
bool is_staged(const Control &c) { return stage_socket == place_of(c) + 1; }
u32 staged_from() { return stage_seq; }

bool emit(const Segment &s) {
  Queue &q = is_local(s.destination) ? inside : outside;
  if (q.count >= QUEUE) {
    if (s.from != NO_SOCKET) stalled |= 1u << s.from;
    return false;
  }
  q.segments[(q.first + q.count++) % QUEUE] = s;
  return true;
}

static Segment next(Queue &q) {
  Segment s = q.segments[q.first];
  q.count--;
  q.first = q.count == 0 ? 0 : (q.first + 1) % QUEUE;
  return s;
}

constexpr u32 MOST_ACKNOWLEDGEMENTS = 512;   // of local segments, in one settle()
static u32 acknowledgements;

// Segments for this machine itself arrive in the same transaction.
[[gnu::noinline]] static void deliver_inside() {
  for (u32 n = 0; inside.count != 0 && n < MOST_ROUNDS && writes < MOST_WRITES; n++) {
    Segment s = next(inside);
    // Two ends that disagree would acknowledge each other's acknowledgements forever.
    if (s.bytes == 0 && s.flags == ACK && ++acknowledgements > MOST_ACKNOWLEDGEMENTS) continue;
    if (s.bytes != 0) {
      check(s.from < SOCKETS);
      const Control &c = controls[s.from];
      bool fresh = is_staged(c) && !before(s.seq, stage_seq);
      s.data = fresh ? stage + (s.seq - stage_seq) : ring_data(send_ring(c), s.seq - c.iss - 1);
    }
    tcp_input(s);
  }
}

// From %0: `each` handles four words in R3 to R6, `last` a word in R3 that is left. The sum in %2; %1 is for the two.
#define FOR_EACH_WORD(each, last)                                                                                    \
  "mov %2, #0\n.rept %c3\n ldm %0!, {r3-r6}\n" each " add %2, %2, r3\n add %2, %2, r4\n add %2, %2, r5\n add %2, %2, r6\n.endr\n" \
  ".rept %c4\n ldr r3, [%0], #4\n" last " add %2, %2, r3\n.endr"
#define SIZES "i"(sizeof(Control) / 16), "i"(sizeof(Control) % 16 / 4)

static u32 sum_of(const Control &c) {
  const Control *from = &c, *target = nullptr;
  u32 sum;
  asm(FOR_EACH_WORD("", "") : "+r"(from), "+r"(target), "=&r"(sum) : SIZES : "r3", "r4", "r5", "r6", "memory");
  return sum;
}

// The sum of the copy.
static u32 copy_of(Control &to, const Control &c) {
  const Control *from = &c;
  Control *target = &to;
  u32 sum;
  asm volatile(FOR_EACH_WORD("stm %1!, {r3-r6}\n", "str r3, [%1], #4\n")
               : "+r"(from), "+r"(target), "=&r"(sum)
               : SIZES
               : "r3", "r4", "r5", "r6", "memory");
  return sum;
}

static bool is_consistent(const Control &c) { return c.kind != Kind::TCP || tcp_is_possible(c); }
static bool is_possible(const Control &c) { return sum_of(c) == 0 && is_consistent(c); }

static void store() {
  while (touched != 0) {
    Control &c = take(touched);
    check(is_possible(c));
    check(keep(KEPT_CONTROLS + place_of(c) * sizeof(Control), &c, sizeof c) == OK);
  }
  if (!host_touched) return;
  host_touched = false;
  check(Guarded::sum(&host, sizeof host) == 0);
  check(keep(KEPT_HOST, &host, sizeof host) == OK);
}

// A crash loses the queues; resume_connections() then makes the peers retransmit.
static void commit_all() {
  commit();
  begin();
}

// Commits, and sends the segments of the request; there may be more of them then.
[[gnu::noinline]] static void send_segments() {
  commit_all();
  while (outside.count != 0) tcp_build(next(outside));
  for (u32 again = stalled; again != 0;) {
    Control &c = take(again);
    stalled &= ~(1u << place_of(c));
    if (c.kind != Kind::TCP) continue;
    touch(c);
    tcp_output(c);
  }
}

void settle() {
  acknowledgements = 0;
  for (;;) {
    if (inside.count != 0) deliver_inside();
    store();
    if (inside.count == 0 && outside.count == 0 && stalled == 0) break;
    send_segments();
  }
}

void commit_request() {
  settle();
  commit_all();
}

void restore() {
  host = *kept_memory<NET_ID, Host>(KEPT_HOST);
  u32 used = 0;
  for (u32 i = 0; i < SOCKETS; i++) {
    const Control &was = kept_memory<NET_ID, Control>(KEPT_CONTROLS)[i];
    if (was.kind == Kind::FREE) continue;
    if (copy_of(controls[i], was) == 0 && is_consistent(controls[i]))
      used = i + 1;
    else
      controls[i] = {};   // a damaged one costs only its own client the connection
  }
  used_sockets = used;
  begin();
}

}  // namespace curios::net
