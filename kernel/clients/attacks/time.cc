// Attacks on the processor time of others: deadlocks, priorities, and limits of calls.
#include "checks.h"

namespace curios {
namespace {

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

// Stays inside a service most of the time, at the lowest priority.
void low(u32) {
  Checks c("low");
  Handle sched = lookup("sched"), counter = lookup("counter");
  c.is("sched", OK, connect(sched));
  c.is("counter", OK, connect(counter));
  c.is("lowest", OK, call(sched, SCHEDULER_SET, 7));
  while (is_active(INNOCENT)) call(counter, COUNTER_TURN, 500, 0);
}

// Limits the time of its calls; all services that they reach must respect the limit.
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

// Occupies relay from before patient's last calls until after them.
void holder(u32) {
  Checks c("holder");
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  while (is_active(PATIENT) && inspect(Inspect::STATES, RELAY_ID) < 2) wait(0, 1);
  wait(0, 110);
  c.is("a long wait through relay", 1, call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::WAIT), 300));
}

// A time limit set by a service ends with its request.
void bound(u32) {
  Checks c("bound");
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  c.is("a limit", OK, c.attack(Attack::BIND));
  wait(0, 5);
  c.is("is not that of the next call", 0, call(c.relay, RELAY_SUM));
}

}  // namespace

ORDINARY(lock0, "lock", LOCK, lock)
ORDINARY(closer0, "closer", CLOSER, closer)
ORDINARY(waker0, "waker", WAKER, waker)
ORDINARY(third0, "third", THIRD, third)
ORDINARY(spinner0, "spin", SPINNER, spinner)
ATTACKER(rusher0, "rush", RUSHER, rusher, 0, 1)
ORDINARY(innocent0, "innoc", INNOCENT, innocent)
ORDINARY(low0, "low", LOW, low)
ORDINARY(patient0, "patient", PATIENT, patient)
ORDINARY(holder0, "holder", HOLDER, holder)
ORDINARY(bound0, "bound", BOUND, bound)

}  // namespace curios
