// Attacks on recovery: states that make it wait, fault or run for long, and services that crash repeatedly.
#include "checks.h"

namespace curios {
namespace {

// Waits until evil recovers, or until the culprit has ended because the recovery was too fast to be seen.
void await_recovery() {
  while (inspect(Inspect::STATE, EVIL_ID) != static_cast<i32>(ObjectState::RECOVERING) && is_active(CULPRIT)) wait(0, 1);
}

// Makes evil fail while it has states that are slow to recover. Its other clients disconnect meanwhile.
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

// Destroys states that recovery has already read, and creates new ones that it has yet to read.
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

// A state for which the recovery routine never returns, by the client's number.
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

// Owns a sound state in a service whose recoverer gets little processor time.
void healthy(u32) {
  Checks c("healthy");
  c.is("connect", OK, connect(c.evil));
  c.is("set", OK, poison(c.evil, Poison::SPINS));
  await_recovery();
  while (is_active(CULPRIT)) wait(0, 5);
  c.is("the state is as it was", static_cast<i32>(Poison::SPINS), call(c.evil, EVIL_GET));
}

// Two states that break recovery alternately.
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

void crasher(u32) {
  Checks c("crasher");
  c.is("connect", OK, connect(c.evil));
  u32 others = 0;
  for (u32 i = 0; i < 100; i++) others += c.attack(Attack::DIE) == FAULTED ? 0 : 1;
  c.is("faults that are no faults", 0, static_cast<i32>(others));
}

// Crashes a driver while another of its threads waits for an interrupt.
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

// A commit that would have to save more than the service's stack.
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

}  // namespace

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
ORDINARY(healthy0, "healthy", HEALTHY, healthy)
ORDINARY(turner0, "turner", TURNER, turner)
ORDINARY(crasher0, "crasher", CRASHER, crasher)
ATTACKER(driver0, "driver", DRIVER, driver, MAY_CRASH, 0)
ORDINARY(deep0, "deep", DEEP, deep)

}  // namespace curios
