// The scheduler: sets priorities by the requests of clients and their use of time. It needs the states of all clients:
// recovery rebuilds its table from them, while the kernel schedules all threads round robin.
#include <curios/descriptor.h>

namespace curios {

constexpr u32 HIGHEST = 1, LOWEST = 7, PERIOD_MS = 16, GREEDY_MS = 8;
constexpr u32 CLIENTS = 48;
constexpr u32 TAG = 0x53430001;

struct State {
  Guarded guard;
  u32 client;
  u32 wanted;
  u32 changes;   // number of times it was set
};

static struct Client {
  u8 id;         // 0: free
  u8 wanted;
  u8 now;
} clients[CLIENTS];

static Client *find(u32 id) {
  for (Client &c : clients)
    if (c.id == id) return &c;
  return nullptr;
}

static Client *admit(u32 id) {
  Client *c = find(id);
  if (c == nullptr) c = find(0);
  if (c != nullptr) c->id = static_cast<u8>(id);
  return c;
}

// Whether the table has what a client has just set.
[[gnu::noinline]] static bool is_as_wanted(const State *s) {
  const Client *c = find(s->client);
  return c != nullptr && c->wanted == s->wanted && c->now == s->wanted;
}

// The current priority of a client; 0 if it has set none.
[[gnu::noinline]] static u32 current(const State *s) {
  if (s->client == 0) return 0;
  const Client *c = find(s->client);
  check(c != nullptr && c->id == s->client);
  return c->now;
}

static i32 set(State *s, u32 priority) {
  if (s == nullptr) return NOT_CONNECTED;
  if (priority < HIGHEST || priority > LOWEST) return BAD_ARGUMENT;
  u32 id = caller();
  if (static_cast<i32>(priority) < inspect(Inspect::URGENCY, id)) return NO_RIGHT;
  Client *c = admit(id);
  if (c == nullptr) return FULL;
  s->guard.set(s->client, id);
  s->guard.set(s->wanted, priority);
  check(priority == asked(1) && s->client == caller() && s->guard.tag == fresh<TAG>());
  s->guard.set(s->changes, s->changes + 1);
  c->wanted = c->now = static_cast<u8>(priority);
  check(is_as_wanted(s));
  system(SYS_SCHEDULE, id, priority);
  system(SYS_PUBLISH);
  return OK;
}

static i64 get(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  u32 now = current(s);
  check(now == current(anew(s)) && s->guard.tag == fresh<TAG>());
  return static_cast<i64>(static_cast<u64>(now) << 32 | s->wanted);
}

static i32 count(State *) {
  i32 n = 0;
  for (Client &c : clients) n += c.id != 0 ? 1 : 0;
  return n;
}

static i32 recover(State *s, u32 owner) {
  if (s->client == 0) return OK;
  if (s->client != owner || s->wanted < HIGHEST || s->wanted > LOWEST) return BAD_ARGUMENT;
  Client *c = admit(owner);
  if (c == nullptr) return FULL;
  c->wanted = c->now = static_cast<u8>(s->wanted);
  return OK;
}

// In each period of the kernel's count of used time, lowers the priority of a thread that used more than half of the time by one, and raises any other by
// one, up to the requested priority.
static void run(u32) {
  NO_CALLER;
  for (;;) {
    for (Client &c : clients) {
      if (c.id == 0) continue;
      if (inspect(Inspect::STATE, c.id) != static_cast<i32>(ObjectState::ACTIVE)) {
        c = {};
        continue;
      }
      u32 now = c.now;
      if (inspect(Inspect::USED_BEFORE, c.id) > static_cast<i32>(GREEDY_MS))
        now = now < LOWEST ? now + 1 : LOWEST;
      else if (now > c.wanted)
        now--;
      if (now != c.now) system(SYS_SCHEDULE, c.id, now);
      c.now = static_cast<u8>(now);
    }
    wait_until(0, next_multiple(milliseconds(), PERIOD_MS));
  }
}

INTROSPECTION = {
    FIELD_OF("sched", State, client),
    FIELD_OF("sched", State, wanted),
    FIELD_OF("sched", State, changes),
};

LIMITS = {
    WORD_LIMIT(State, client, 0, MAX_OBJECTS - 1),
    WORD_LIMIT(State, wanted, 0, LOWEST),
};

METHODS = {
    {ENTRY(set), NOT_CONNECTED, OK, "set"},
    {ENTRY(get), NOT_CONNECTED, LOWEST, "get"},
    {ENTRY(count), 0, CLIENTS, "clients"},
};

SERVICE(sched, SCHEDULER_ID, .recover = ENTRY(recover), .main = ENTRY(run), .state_bytes = sizeof(State),
        .tag = TAG, .deadline = 20, .rights = MAY_SCHEDULE, .longest_wait = PERIOD_MS, LIMITED, .checks = CHECK_PRIVATE | CHECK_CODE | CHECK_WRITES)

}  // namespace curios
