// A service that attacks its clients, its other callers and the kernel.
#include "attacks.h"

namespace curios {

struct State {
  u32 tag;
  u32 value;
};

constexpr u32 NAP_KEY = 1, OWN_KEY = 2, SLEEP_MS = 20, OWN_PERIOD_MS = 1;

static Handle kept;
static State *asleep;
static u32 asleep_sp;
static bool must_die;

static i32 read(Handle h) {
  u32 word;
  return copy_in(h, 0, &word, sizeof word);
}

static i32 overwrite(Handle h) {
  u32 word = SCRIBBLED;
  return copy_out(h, 0, &word, sizeof word);
}

// Granting its own memory reveals the numbers that are in use now.
static i32 read_by_trying(u32 index) {
  constexpr u32 GENERATIONS = 64;
  u32 word = 0;
  i32 found = 0;
  Handle mine = grant(&word, sizeof word);
  for (u32 g = 0; g < GENERATIONS; g++) {
    Handle h = ((mine >> 8) - GENERATIONS + 1 + g) << 8 | index;
    if (read(h & HANDLE_MASK) >= 0) found++;
  }
  drop(mine);
  return found;
}

static i32 call_relay() {
  Handle relay = lookup("relay");
  connect(relay);
  i32 result = call(relay, RELAY_SUM);
  drop(relay);
  return result;
}

static i32 use_stack(u32 bytes) {
  volatile u32 room[16];
  for (u32 i = 0; i < 16; i++) room[i] = SCRIBBLED;
  return bytes < sizeof room ? static_cast<i32>(room[0] & 0) : use_stack(bytes - sizeof room) + static_cast<i32>(room[1] & 0);
}

// Changes the state of a sleeping request and the last word of its window, so that the checksum of its stack stays the
// same.
static i32 scribble_unseen() {
  if (asleep == nullptr) return ABSENT;
  u32 *first = reinterpret_cast<u32 *>(asleep_sp), *end = reinterpret_cast<u32 *>((asleep_sp | (PAGE_BYTES - 1)) + 1);
  auto sum_to = [first, end](const u32 *last) {
    u32 sum = static_cast<u32>(end - first) * sizeof(u32);
    for (const u32 *p = first; p != last; p++) sum = *p + (sum >> 5 | sum << 27);
    return sum;
  };
  u32 wanted = sum_to(end);
  asleep->value = SCRIBBLED;
  u32 before = sum_to(end - 1);
  end[-1] = wanted - (before >> 5 | before << 27);
  return OK;
}

// A word at the far end of the stack, which a reset does not clear.
static volatile u32 &note() {
  u32 here = reinterpret_cast<u32>(__builtin_frame_address(0));
  return *reinterpret_cast<volatile u32 *>(here & ~(PAGE_BYTES - 1));
}

static i32 act(State *s, u32 what, u32 a) {
  switch (static_cast<Attack>(what)) {
    case Attack::READ:
      return read(a);
    case Attack::READ_HIDDEN:
      return read(a ^ DISGUISE);
    case Attack::WRITE_HIDDEN:
      return overwrite(a ^ DISGUISE);
    case Attack::KEEP:
      kept = a;
      return OK;
    case Attack::READ_KEPT:
      return read(kept);
    case Attack::READ_BY_TRYING:
      return read_by_trying(a);
    case Attack::GIVE: {
      i32 taken = 0;
      for (u32 i = 0; i < a; i++)
        if (system(SYS_GIVE, NAMES, ~0u) >= 0) taken++;
      return taken;
    }
    case Attack::WAIT:
      return wait(NAP_KEY, a);
    case Attack::WAKE:
      wake(NAP_KEY);
      return call_relay();
    case Attack::CALL_RELAY:
      return call_relay();
    case Attack::DIE:
      check(false);
      return OK;
    case Attack::KILL_OWN_THREAD:
      must_die = true;
      return wake(OWN_KEY);
    case Attack::SLEEP:
      s->value = a;
      asleep = s;
      asm volatile("mov %0, sp" : "=r"(asleep_sp));
      wait(NAP_KEY, SLEEP_MS);
      return static_cast<i32>(s->value & 0xffff);
    case Attack::WHERE:
      return static_cast<i32>((reinterpret_cast<u32>(asleep) & (SECTION - 1)) / 32);
    case Attack::SCRIBBLE:
      reinterpret_cast<volatile State *>(section(EVIL_ID) + a * 32)->value = SCRIBBLED;
      return 1;
    case Attack::SCRIBBLE_UNSEEN:
      return scribble_unseen();
    case Attack::USE_STACK:
      return use_stack(a);
    case Attack::COMMIT_DEEP:
      asm volatile("mov r4, sp\n sub sp, sp, %0\n mov r12, %1\n svc #0\n mov sp, r4"
                   ::"r"(a), "r"(SYS_COMMIT) : "r0", "r1", "r4", "r12", "memory");
      return OK;
    case Attack::UNBIND:
      within(0);
      return wait(NAP_KEY);
    case Attack::BIND:
      within(1);
      return OK;
    case Attack::WAIT_ON:
      for (;;) wait(NAP_KEY);
    default:
      return BAD_ARGUMENT;
  }
}

static i32 set(State *s, u32 value) {
  if (s == nullptr) return NOT_CONNECTED;
  s->value = value;
  return OK;
}

static i32 get(State *s) { return s == nullptr ? static_cast<i32>(NOT_CONNECTED) : static_cast<i32>(s->value & 0xffff); }

static i32 recover(State *s, u32) {
  switch (static_cast<Poison>(s->value)) {
    case Poison::FAULTS:
      check(false);
      break;
    case Poison::SPINS:
      for (volatile u32 i = 0; i < 100000; i = i + 1) {
      }
      break;
    case Poison::WAITS:
      wait(0, 5);
      break;
    case Poison::WAITS_FOR_EVER:
      wait(0);
      break;
    case Poison::CALLS: {
      Handle timer = lookup("timer");
      connect(timer);
      call(timer, TIMER_SET, 100000, 0);
      call(timer, TIMER_WAIT);
      break;
    }
    case Poison::EXITS:
      system(SYS_EXIT);
      break;
    case Poison::CONNECTS:
      connect(lookup("evil"));
      break;
    case Poison::TAKES_TURNS:  // the first is sound, the second faults, the first faults, and so on
      note() = note() + 1;
      check(note() % 3 == 1);
      break;
    case Poison::HIDES: {  // in another service, at nearly every tick
      Handle counter = lookup("counter");
      connect(counter);
      for (;;) call(counter, COUNTER_TURN, 1000, 0);
    }
    default:
      break;
  }
  return OK;
}

// Its own thread, whose stack must not change.
static void run(u32) {
  NO_CALLER;
  volatile u32 pattern[32];
  for (u32 i = 0; i < 32; i++) pattern[i] = i * 0x9e3779b9u;
  for (;;) {
    wait(OWN_KEY, OWN_PERIOD_MS);
    check(!must_die);
    for (u32 i = 0; i < 32; i++) check(pattern[i] == i * 0x9e3779b9u);
  }
}

METHODS = {{ENTRY(act), -100, 0xffff, "act"}, {ENTRY(set), -100, OK, "set"}, {ENTRY(get), -100, 0xffff, "get"}};

SERVICE(evil, EVIL_ID, .recover = ENTRY(recover), .main = ENTRY(run), .state_bytes = sizeof(State), .tag = 0x45560001,
        .heap_limit = 0x4000, .quota = 0x1000, .deadline = 5, .longest_wait = FOREVER)

}  // namespace curios
