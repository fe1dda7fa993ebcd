// Attacks on the kernel's promises, by clients of the image tests/attacks. Those that must run together are in the same
// scenario (scenarios.txt of the tests). Each prints what must hold and whether it does; innocent clients must see
// no error.
#include "../tests/attacks/attacks.h"
#include "client.h"

namespace curios {
namespace {

constexpr u32 TESTS = 16, CULPRIT = 17, FREER = 18, LEAVER = 19, CHURNER = 20, VICTIM = 21, STUCK = 22, BYSTANDER = 50,
              POISONER = 29, LOCK = 30, CLOSER = 31, WAKER = 32, THIRD = 33, SPINNER = 34, INNOCENT = 35, LOW = 36,
              SLEEPER = 37, SCRIBBLER = 38, REOPENER = 39, DRIVER = 40, HOST = 41, DEEP = 42, HEALTHY = 43, RUSHER = 44, TURNER = 45, UNSEEN = 46, PATIENT = 47,
              HOLDER = 48, CRASHER = 49, HOARDER = 51, LATE = 52, BOUND = 53;

struct Checks {
  Report report;
  Handle evil, relay;

  explicit Checks(const char *name, u32 number = 0)
      : report(name, number), evil(lookup("evil")), relay(lookup("relay")) {}

  bool is(const char *what, i32 wanted, i32 got) {
    Line line;
    line << what << ": ";
    if (wanted == got)
      line << "ok";
    else
      line << "FAILED, wanted " << wanted << ", got " << got;
    report.say(line);
    return wanted == got;
  }
  bool holds(const char *what, bool it) { return is(what, 1, it ? 1 : 0); }

  i32 attack(Attack what, u32 a = 0) { return call(evil, EVIL_DO, static_cast<u32>(what), a); }
};

bool is_active(u32 id) { return inspect(Inspect::STATE, id) == static_cast<i32>(ObjectState::ACTIVE); }

// Until evil recovers, or the culprit has gone: it was too quick to be seen.
void await_recovery() {
  while (inspect(Inspect::STATE, EVIL_ID) != static_cast<i32>(ObjectState::RECOVERING) && is_active(CULPRIT)) wait(0, 1);
}

i32 poison(Handle h, Poison p) { return call(h, EVIL_SET, static_cast<u32>(p)); }

// What one client and one service try by themselves.
void theft(Checks &c) {
  char secret[16] = "secret", other[16] = "not granted";
  Handle h = grant(secret, sizeof secret, true);
  c.is("memory that is not passed is not read", BAD_HANDLE, c.attack(Attack::READ_HIDDEN, h ^ DISGUISE));
  c.is("nor written", BAD_HANDLE, c.attack(Attack::WRITE_HIDDEN, h ^ DISGUISE));
  i32 found = 0;
  for (u32 index = 0; index < 32; index++) found += c.attack(Attack::READ_BY_TRYING, index);
  c.is("nor found by trying", 0, found);
  c.is("what is passed is read", 4, c.attack(Attack::READ, h));
  c.is("it may be kept", OK, c.attack(Attack::KEEP, h));
  c.is("but is of no use later", BAD_HANDLE, c.attack(Attack::READ_KEPT));
  c.is("relay passes it on", 4, call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::READ), h));
  c.is("or does not", BAD_HANDLE, call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::READ_HIDDEN), h ^ DISGUISE));
  drop(h);
  c.is("dropped memory is of no use", BAD_HANDLE, c.attack(Attack::READ, h));
  c.holds("the secret is as it was", secret[0] == 's' && secret[1] == 'e' && other[0] == 'n');
  c.is("a range round the end of memory is refused", NO_MEMORY,
       static_cast<i32>(grant(reinterpret_cast<void *>(0xfffffff0), 0x20)));
  c.is("so is one of 2 GiB", BAD_ARGUMENT, static_cast<i32>(grant(secret, 0x80000000)));
  c.is("and one of nothing", BAD_ARGUMENT, static_cast<i32>(grant(secret, 0)));
}

void gifts(Checks &c) {
  c.is("unrequested gifts", 0, c.attack(Attack::GIVE, 300));
  Handle counter = lookup("counter");
  c.holds("there is room for what is requested", !failed(counter));
  drop(counter);
}

void tests(u32) {
  Checks c("tests");
  c.is("connect", OK, connect(c.evil));
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  theft(c);
  gifts(c);
}

// Evil fails while it has states that take long to recover. Its other clients disconnect meanwhile.
void culprit(u32) {
  Checks c("culprit");
  Handle sched = lookup("sched");
  connect(sched);
  c.is("low priority", OK, call(sched, SCHEDULER_SET, 7));
  wait(0, 10);
  c.is("a fault", FAULTED, c.attack(Attack::DIE));
}

void slow_states(Checks &c, Handle *h, u32 count) {
  for (u32 i = 0; i < count; i++) {
    h[i] = lookup("evil");
    if (connect(h[i]) != OK || poison(h[i], Poison::SPINS) != OK) c.holds("a slow state", false);
  }
}

void freer(u32) {
  Checks c("freer");
  Handle h[4], timer[2] = {lookup("timer"), lookup("timer")};
  slow_states(c, h, 4);
  await_recovery();
  for (Handle each : h) c.is("disconnect in recovery", OK, disconnect(each));
  for (Handle each : timer) c.is("connect elsewhere", OK, connect(each));
  wait(0, 20);
  for (Handle each : timer) c.is("that session is sound", OK, call(each, TIMER_SET, 1, 0));
}

void leaver(u32) {
  Checks c("leaver");
  Handle h[4];
  slow_states(c, h, 4);
  await_recovery();
}

// Takes states away where recovery has been, and makes new ones where it is going to be.
void churner(u32) {
  Checks c("churner");
  Handle h[8];
  slow_states(c, h, 8);
  await_recovery();
  u64 begin = microseconds();
  for (u32 i = 0; inspect(Inspect::STATE, EVIL_ID) == static_cast<i32>(ObjectState::RECOVERING); i++) {
    disconnect(h[i % 8]);
    connect(h[i % 8]);
    if (i % 64 == 0) wait(0, 1);
    if (microseconds() - begin > 1000000) break;
  }
  c.holds("recovery comes to its end", microseconds() - begin < 500000);
}

void victim(u32) {
  Checks c("victim");
  Handle timer = lookup("timer");
  c.is("connect", OK, connect(c.evil));
  c.is("set", OK, call(c.evil, EVIL_SET, 7));
  c.is("connect timer", OK, connect(timer));
  await_recovery();
  c.is("a call in recovery", 7, call(c.evil, EVIL_GET));
  c.is("the timer", OK, call(timer, TIMER_SET, 3, 0));
  c.is("expires", 1, call(timer, TIMER_WAIT));
  wait(0, 50);
  Handle late = lookup("evil");
  c.is("connect after it", OK, connect(late));
  c.is("call after it", OK, call(late, EVIL_SET, 1));
  c.is("the state is as it was", 7, call(c.evil, EVIL_GET));
}

// A state from which recovery does not return, by the client's number.
void stuck(u32 base) {
  constexpr Poison KINDS[] = {Poison::WAITS,    Poison::WAITS_FOR_EVER, Poison::CALLS, Poison::EXITS,
                              Poison::CONNECTS, Poison::EXITS,          Poison::HIDES};
  u32 n = (base - SECTIONS) / SECTION - STUCK;
  Checks c("stuck", n);
  Handle bad = lookup("evil");
  c.is("connect", OK, connect(bad));
  c.is("poison", OK, poison(bad, KINDS[n]));
  wait(0, 10);
  i32 result = n == 5 ? c.attack(Attack::KILL_OWN_THREAD) : c.attack(Attack::DIE);
  c.holds("a fault", result == FAULTED || result == QUARANTINED || n == 5);
}

void bystander(u32) {
  Checks c("bystand");
  c.is("connect", OK, connect(c.evil));
  c.is("set", OK, call(c.evil, EVIL_SET, 5));
  wait(0, 30);
  u64 begin = microseconds();
  c.is("an innocent call", 5, call(c.evil, EVIL_GET));
  c.holds("is not kept waiting", microseconds() - begin < 500000);
  c.holds("evil serves on", is_active(EVIL_ID));
}

void poisoner(u32) {
  constexpr u32 STATES = 12;
  Checks c("poison");
  Handle bad[STATES];
  for (Handle &h : bad) {
    h = lookup("evil");
    if (connect(h) != OK || poison(h, Poison::FAULTS) != OK) c.holds("a poisoned state", false);
  }
  wait(0, 10);
  i32 result = call(lookup("evil"), EVIL_DO, static_cast<u32>(Attack::DIE));
  c.is("a fault", FAULTED, result);
  u32 lost = 0;
  for (Handle h : bad) lost += call(h, EVIL_GET) == QUARANTINED ? 1 : 0;
  c.is("each costs itself", STATES, static_cast<i32>(lost));
  c.is("disconnect", OK, disconnect(bad[0]));
  c.is("connect again", OK, connect(bad[0]));
  c.is("begin again", 0, call(bad[0], EVIL_GET));
  i32 before = inspect(Inspect::RESTARTS, EVIL_ID);
  for (u32 i = 0; i < 20; i++) {
    call(bad[0], EVIL_DO, static_cast<u32>(Attack::USE_STACK), 700);
    wait(0, 1);
  }
  c.is("evil's own thread has its stack to itself", before, inspect(Inspect::RESTARTS, EVIL_ID));
}

// A cycle that closes when a wait ends: lock holds relay and waits in evil; closer holds evil and calls relay.
void lock(u32) {
  Checks c("lock");
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  c.holds("a wait through relay", call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::WAIT), 20) >= 0);
}

void close(const char *name, Attack how) {
  Checks c(name);
  c.is("connect", OK, connect(c.evil));
  wait(0, 10);
  c.is("closing the circle fails", DEADLOCK, c.attack(how));
}
void closer(u32) { close("closer", Attack::CALL_RELAY); }
void waker(u32) { close("waker", Attack::WAKE); }

void third(u32) {
  Checks c("third");
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  wait(0, 60);
  c.is("an innocent call", 0, call(c.relay, RELAY_SUM));
}

// Runs as long as a client of the scenario works.
void spin(const char *name, i32 wanted) {
  Checks c(name);
  Handle sched = lookup("sched");
  connect(sched);
  c.is("the highest priority", wanted, call(sched, SCHEDULER_SET, 1));
  while (is_active(INNOCENT) || is_active(CULPRIT))
    for (volatile u32 i = 0; i < 10000; i = i + 1) {
    }
}

void spinner(u32) { spin("spin", NO_RIGHT); }
void rusher(u32) { spin("rush", OK); }

void innocent(u32) {
  Checks c("innoc");
  Handle timer = lookup("timer"), counter = lookup("counter"), store = lookup("store");
  c.is("connect timer", OK, connect(timer));
  c.is("connect counter", OK, connect(counter));
  c.is("connect store", OK, connect(store));
  c.is("connect evil", OK, connect(c.evil));
  u32 errors = 0;
  u64 begin = microseconds();
  for (u32 i = 0; i < 20; i++) {
    if (call(timer, TIMER_SET, 2, 0) != OK || call(timer, TIMER_WAIT) != 1) errors++;
    if (call(counter, COUNTER_ADD, i) != static_cast<i32>(i + 1)) errors++;
    if (call(store, STORE_PUT, i, i) != 1) errors++;
    if (call(c.evil, EVIL_SET, i) != OK) errors++;
  }
  c.is("calls that failed", 0, static_cast<i32>(errors));
  c.holds("it gets its share", microseconds() - begin < 5000000);
}

// Is inside a service most of the time, at the lowest priority.
void low(u32) {
  Checks c("low");
  Handle sched = lookup("sched"), counter = lookup("counter");
  c.is("sched", OK, connect(sched));
  c.is("counter", OK, connect(counter));
  c.is("lowest", OK, call(sched, SCHEDULER_SET, 7));
  while (is_active(INNOCENT)) call(counter, COUNTER_TURN, 500, 0);
}

// Has a state that is in order, in a service that recovers while its recoverer gets little time.
void healthy(u32) {
  Checks c("healthy");
  c.is("connect", OK, connect(c.evil));
  c.is("set", OK, poison(c.evil, Poison::SPINS));
  await_recovery();
  while (is_active(CULPRIT)) wait(0, 5);
  c.is("the state is as it was", static_cast<i32>(Poison::SPINS), call(c.evil, EVIL_GET));
}

void sleeper(u32) {
  Checks c("sleeper");
  c.is("connect", OK, connect(c.evil));
  c.is("what it left there is there", 1234, c.attack(Attack::SLEEP, 1234));
  c.is("and kept", 1234, call(c.evil, EVIL_GET));
}

void scribbler(u32) {
  Checks c("scribbl");
  c.is("connect", OK, connect(c.evil));
  wait(0, 10);
  c.attack(Attack::SCRIBBLE, static_cast<u32>(c.attack(Attack::WHERE)));
  wait(0, 40);
  c.holds("a store into the state of who waits is a fault", inspect(Inspect::RESTARTS, EVIL_ID) > 0);
}

void unseen(u32) {
  Checks c("unseen");
  c.is("connect", OK, connect(c.evil));
  wait(0, 10);
  c.attack(Attack::SCRIBBLE_UNSEEN);
  wait(0, 40);
}

// Two states of which one or the other breaks recovery in turn.
void turner(u32) {
  Checks c("turner");
  Handle bad[2] = {lookup("evil"), lookup("evil")};
  for (Handle h : bad) {
    c.is("connect", OK, connect(h));
    c.is("poison", OK, poison(h, Poison::TAKES_TURNS));
  }
  wait(0, 10);
  i32 result = call(lookup("evil"), EVIL_DO, static_cast<u32>(Attack::DIE));
  c.is("a fault", FAULTED, result);
}

// Limits the time of its calls; every service that it calls must keep the limit.
void patient(u32) {
  constexpr u32 LIMIT_MS = 20, SLACK_US = 80000;
  Checks c("patient");
  c.is("connect", OK, connect(c.evil));
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  static constexpr struct {
    const char *name;
    Attack attack;
  } waits[] = {{"a wait forever", Attack::WAIT}, {"one without the limit", Attack::UNBIND}, {"one after the other", Attack::WAIT_ON}};
  for (const auto &w : waits) {
    u64 begin = microseconds();
    within(LIMIT_MS);
    i32 result = c.attack(w.attack);
    within(0);
    c.is(w.name, TIMED_OUT, result);
    c.holds("  ends in time", microseconds() - begin < LIMIT_MS * 1000 + SLACK_US);
  }
  within(LIMIT_MS);
  i32 result = call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::WAIT));
  within(0);
  c.is("a wait forever through relay", TIMED_OUT, result);
  c.is("relay serves on", 0, call(c.relay, RELAY_SUM));
  wait(0, 50);
  u64 begin = microseconds();
  within(LIMIT_MS);
  result = call(c.relay, RELAY_SUM);
  within(0);
  c.is("a wait to enter", TIMED_OUT, result);
  c.holds("  ends in time", microseconds() - begin < LIMIT_MS * 1000 + SLACK_US);
  c.is("and without the limit", 0, call(c.relay, RELAY_SUM));
}

// Holds relay from before patient's last calls until after them.
void holder(u32) {
  Checks c("holder");
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  while (is_active(PATIENT) && inspect(Inspect::STATES, RELAY_ID) < 2) wait(0, 1);
  wait(0, 110);
  c.is("a long wait through relay", 1, call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::WAIT), 300));
}

void crasher(u32) {
  Checks c("crasher");
  c.is("connect", OK, connect(c.evil));
  u32 others = 0;
  for (u32 i = 0; i < 100; i++) others += c.attack(Attack::DIE) == FAULTED ? 0 : 1;
  c.is("faults that are no faults", 0, static_cast<i32>(others));
}

// A service's own handles, made for sessions that have ended.
void reopener(u32) {
  Checks c("reopen");
  u32 errors = 0;
  for (u32 i = 0; i < 300; i++)
    if (connect(c.relay) != OK || call(c.relay, RELAY_OPEN) != OK || disconnect(c.relay) != OK) errors++;
  c.is("sessions that could not be made", 0, static_cast<i32>(errors));
}

// Takes as many sessions with relay as it gets, each of which makes relay take some elsewhere.
void hoarder(u32) {
  constexpr u32 MOST = 150;
  Checks c("hoarder");
  u32 made = 0;
  for (; made < MOST; made++) {
    Handle h = lookup("relay");
    if (connect(h) != OK || call(h, RELAY_OPEN) != OK) break;
  }
  c.holds("there is an end to it", made < MOST);
  wait(0, 80);
}

void late(u32) {
  Checks c("late");
  wait(0, 40);
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  c.is("an innocent call", 0, call(c.relay, RELAY_SUM));
}

// A service's time limit is over with its request.
void bound(u32) {
  Checks c("bound");
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  c.is("a limit", OK, c.attack(Attack::BIND));
  wait(0, 5);
  c.is("is not that of the next call", 0, call(c.relay, RELAY_SUM));
}

// A crash of a driver's thread that waits for an interrupt, by another thread.
void driver(u32) {
  Checks c("driver");
  Handle uartirq = lookup("uartirq");
  for (u32 i = 0; i < 3; i++) {
    system(SYS_CRASH, UART_IRQ_ID, static_cast<u32>(Crash::ABORT));
    c.is("a call that crashes", OK, call(uartirq, 0));
    wait(0, 20);
    c.is("crashes", static_cast<i32>(i + 1), inspect(Inspect::RESTARTS, UART_IRQ_ID));
  }
  c.holds("uartirq serves on", is_active(UART_IRQ_ID));
}

// The host's services are the kernel's alone: the instruction that calls them is a system call like any other.
void host(u32) {
  Checks c("host");
  constexpr u32 EXIT = 0x18, APPLICATION_EXIT = 0x20026;
  register u32 r0 asm("r0") = EXIT;
  register u32 r1 asm("r1") = APPLICATION_EXIT;
  register u32 r12 asm("r12") = static_cast<u32>(SYS_SELF);
  asm volatile("svc #0x123456" : "+r"(r0), "+r"(r1) : "r"(r12) : "memory");
  c.is("a call of the host is none", HOST, static_cast<i32>(r0));
}

// A commit that would keep more than the service's stack.
void deep(u32) {
  Checks c("deep");
  c.is("connect", OK, connect(c.evil));
  static constexpr u32 DEPTHS[] = {4096, 6000, 8192, 0x100000};
  for (u32 below : DEPTHS) {
    c.is("a commit below the stack", FAULTED, c.attack(Attack::COMMIT_DEEP, below));
    c.is("is a broken stack", static_cast<i32>(Fault::BROKEN_STACK), inspect(Inspect::FAULT, EVIL_ID));
    wait(0, 20);
  }
  c.is("and evil serves on", OK, call(c.evil, EVIL_SET, 3));
}

// Halts the machine when no client is left.
void init(u32) {
  NO_CALLER;
  for (;;) {
    if (inspect(Inspect::CLIENTS, self()) == 0) system(SYS_HALT, 0);
    wait(0, 2);
  }
}

}  // namespace

// Ordinary clients have no rights, and no priority above the common one.
#define ATTACKER(symbol, name_, id_, main_, rights_, urgency_)                                                       \
  [[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor symbol = {                                 \
      .name = name_, .id = id_, .main = reinterpret_cast<u32>(main_), .heap_limit = 0x8000, .quota = 0x4000,         \
      .rights = SHARES_CLIENT_CODE | LARGE_STACKS | (rights_), .priority = COMMON_PRIORITY, .urgency = urgency_};    \
  [[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const symbol##_described = &symbol;
#define ORDINARY(symbol, name_, id_, main_) ATTACKER(symbol, name_, id_, main_, 0, 0)

ATTACKER(init_object, "init", INIT_ID, init, MAY_HALT, 0)
ORDINARY(tests0, "tests0", TESTS, tests)
ORDINARY(culprit0, "culprit", CULPRIT, culprit)
ORDINARY(freer0, "freer", FREER, freer)
ORDINARY(leaver0, "leaver", LEAVER, leaver)
ORDINARY(churner0, "churner", CHURNER, churner)
ORDINARY(victim0, "victim", VICTIM, victim)
ORDINARY(stuck0, "stuck0", STUCK + 0, stuck)
ORDINARY(stuck1, "stuck1", STUCK + 1, stuck)
ORDINARY(stuck2, "stuck2", STUCK + 2, stuck)
ORDINARY(stuck3, "stuck3", STUCK + 3, stuck)
ORDINARY(stuck4, "stuck4", STUCK + 4, stuck)
ORDINARY(stuck5, "stuck5", STUCK + 5, stuck)
ORDINARY(stuck6, "stuck6", STUCK + 6, stuck)
ORDINARY(bystander0, "bystand", BYSTANDER, bystander)
ORDINARY(poisoner0, "poison", POISONER, poisoner)
ORDINARY(lock0, "lock", LOCK, lock)
ORDINARY(closer0, "closer", CLOSER, closer)
ORDINARY(waker0, "waker", WAKER, waker)
ORDINARY(third0, "third", THIRD, third)
ORDINARY(spinner0, "spin", SPINNER, spinner)
ATTACKER(rusher0, "rush", RUSHER, rusher, 0, 1)
ORDINARY(innocent0, "innoc", INNOCENT, innocent)
ORDINARY(low0, "low", LOW, low)
ORDINARY(healthy0, "healthy", HEALTHY, healthy)
ORDINARY(sleeper0, "sleeper", SLEEPER, sleeper)
ORDINARY(scribbler0, "scribbl", SCRIBBLER, scribbler)
ORDINARY(unseen0, "unseen", UNSEEN, unseen)
ORDINARY(turner0, "turner", TURNER, turner)
ORDINARY(patient0, "patient", PATIENT, patient)
ORDINARY(holder0, "holder", HOLDER, holder)
ORDINARY(crasher0, "crasher", CRASHER, crasher)
ORDINARY(reopener0, "reopen", REOPENER, reopener)
ATTACKER(driver0, "driver", DRIVER, driver, MAY_CRASH, 0)
ORDINARY(hoarder0, "hoarder", HOARDER, hoarder)
ORDINARY(late0, "late", LATE, late)
ORDINARY(bound0, "bound", BOUND, bound)
ORDINARY(host0, "host", HOST, host)
ORDINARY(deep0, "deep", DEEP, deep)

}  // namespace curios
