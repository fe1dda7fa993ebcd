// Workloads that check their own results. Their output is the same in every run in which nothing was lost.
#include "client.h"

namespace curios {

static u32 number_of(u32 base, u32 first) { return (base - SECTIONS) / SECTION - first; }

constexpr u32 MIXED = 16, TIMERS = 26, STORES = 30, SCHEDULERS = 34, CALLS = 38, YIELDS = 42, STEADY = 44, TALKER = 61,
              BUSY = 62;

// Compares the store with a copy of its expected contents.
static u32 use_store(Report &report, Handle store, u32 round, u32 seed, u32 *copy, u32 keys) {
  u32 sum = 0;
  for (u32 k = 0; k < keys; k++) {
    u32 key = k * 7 + 3;
    u32 value = seed * 0x9e3779b9u + round * 0x85ebca6bu + k;
    if ((round + k) % 3 == 0) {
      i32 wanted = copy[k] == 0 ? 1 : 0;
    i32 put = report.use(STORE_ID, store, STORE_PUT, key, value | 1);
      if (report.expect("store put", wanted, put, store)) copy[k] = value | 1;
    } else if ((round + k) % 7 == 0 && copy[k] != 0) {
      if (report.expect("store remove", OK, report.use(STORE_ID, store, STORE_REMOVE, key), store)) copy[k] = 0;
    }
    Result got = call2(store, STORE_GET, key);
    report.record(STORE_ID, STORE_GET, got.value, got.value == OK ? got.more : 0);
    if (report.expect("store get", copy[k] == 0 ? static_cast<i32>(ABSENT) : static_cast<i32>(OK), got.value, store) &&
        copy[k] != 0 && got.more != copy[k]) {
      report.expect("store value", static_cast<i32>(copy[k]), static_cast<i32>(got.more), store);
    }
    sum = mix(sum, copy[k]);
  }
  return sum;
}

static void mixed(u32 base) {
  constexpr u32 KEYS = 8, ROUNDS = 24;
  Report report("mixed", number_of(base, MIXED));
  u32 n = report.number;
  Handle store = lookup("store"), timer = lookup("timer"), sched = lookup("sched");
  report.expect("connect store", OK, report.join(STORE_ID, store), store);
  report.expect("connect timer", OK, report.join(TIMER_ID, timer), timer);
  report.expect("connect sched", OK, report.join(SCHEDULER_ID, sched), sched);
  u32 copy[KEYS] = {};
  u32 sum = n;
  for (u32 round = 0; round < ROUNDS; round++) {
    sum = mix(sum, use_store(report, store, round, n, copy, KEYS));
    u32 priority = 2 + (n + round) % 4;
    report.expect("sched set", OK, report.use(SCHEDULER_ID, sched, SCHEDULER_SET, priority), sched);
    report.expect("sched get", static_cast<i32>(priority), report.use(SCHEDULER_ID, sched, SCHEDULER_GET), sched);
    report.expect("timer set", OK, report.use(TIMER_ID, timer, TIMER_SET, 1 + (n + round) % 3, 0), timer);
    report.expect("timer wait", 1, report.use(TIMER_ID, timer, TIMER_WAIT), timer);
    if (round % 8 == 7) {
      Line line;
      line << "round " << round + 1 << ", sum ";
      line.hex(sum);
      report.say(line);
    }
  }
  report.end(sum);
}

static void timers(u32 base) {
  Report report("timer", number_of(base, TIMERS));
  u32 n = report.number;
  Handle timer = lookup("timer");
  report.expect("connect", OK, report.join(TIMER_ID, timer), timer);
  report.expect("wait without a timer", ABSENT, report.use(TIMER_ID, timer, TIMER_WAIT), timer);
  report.expect("set nothing", BAD_ARGUMENT, report.use(TIMER_ID, timer, TIMER_SET, 0, 0), timer);
  u32 sum = 0;
  for (u32 i = 0; i < 10; i++) {
    u64 before = microseconds();
    report.expect("set", OK, report.use(TIMER_ID, timer, TIMER_SET, 2 + n, 0), timer);
    report.expect("wait", 1, report.use(TIMER_ID, timer, TIMER_WAIT), timer);
    u32 took = static_cast<u32>(microseconds() - before);
    if (took < (2 + n) * 1000) report.expect("too early", 0, static_cast<i32>(took), timer);
    sum = mix(sum, 2 + n);
  }
  report.expect("set periodic", OK, report.use(TIMER_ID, timer, TIMER_SET, 3, 3), timer);
  u32 seen = 0;
  while (seen < 20) {
    i32 more = call(timer, TIMER_WAIT);
    if (more < 1) {
      report.record(TIMER_ID, TIMER_WAIT, more);
      report.expect("periodic", 1, more, timer);
      break;
    }
    seen += static_cast<u32>(more);
  }
  report.record(TIMER_ID, TIMER_WAIT, OK, seen < 20 ? seen : 20);
  if (call(timer, TIMER_LEFT) > 3) report.expect("left", 3, report.use(TIMER_ID, timer, TIMER_LEFT), timer);
  report.expect("cancel", OK, report.use(TIMER_ID, timer, TIMER_CANCEL), timer);
  report.expect("left", ABSENT, report.use(TIMER_ID, timer, TIMER_LEFT), timer);
  report.end(sum);
}

static void stores(u32 base) {
  constexpr u32 KEYS = 24;
  Report report("store", number_of(base, STORES));
  Handle store = lookup("store");
  report.expect("connect", OK, report.join(STORE_ID, store), store);
  u32 copy[KEYS] = {};
  u32 sum = 0;
  for (u32 round = 0; round < 40; round++) sum = mix(sum, use_store(report, store, round, report.number + 77, copy, KEYS));
  u32 count = 0;
  for (u32 c : copy) count += c != 0 ? 1 : 0;
  report.expect("count", static_cast<i32>(count), report.use(STORE_ID, store, STORE_COUNT), store);
  report.end(sum);
}

static void schedulers(u32 base) {
  Report report("sched", number_of(base, SCHEDULERS));
  Handle sched = lookup("sched");
  report.expect("connect", OK, report.join(SCHEDULER_ID, sched), sched);
  report.expect("no such priority", BAD_ARGUMENT, report.use(SCHEDULER_ID, sched, SCHEDULER_SET, 9), sched);
  u32 sum = 0;
  for (u32 i = 0; i < 60; i++) {
    u32 wanted = 1 + (i + report.number) % 7;
    report.expect("set", OK, report.use(SCHEDULER_ID, sched, SCHEDULER_SET, wanted), sched);
    yield();
    report.expect("get", static_cast<i32>(wanted), report.use(SCHEDULER_ID, sched, SCHEDULER_GET), sched);
    sum = mix(sum, wanted);
  }
  report.end(sum);
}

// For measuring calls: with no state, and with a state of 64 bytes.
static void calls(u32) {
  Recorder records;
  Handle plain = lookup("meter"), connected = lookup("meter");
  records.join(METER_ID, connected);
  for (u32 i = 0; i < 200; i++) {
    records.use(METER_ID, plain, METER_NOTHING, i);
    records.use(METER_ID, connected, METER_TOUCH);
  }
  records.end();
}

// Two of these take turns.
static void yields(u32) {
  for (u32 i = 0; i < 200; i++) yield();
}

// Works forever, a little every few milliseconds, and prints only errors: activity to watch.
static void steady(u32 base) {
  NO_CALLER;
  constexpr u32 KEYS = 8;
  Report report("steady", number_of(base, STEADY));
  u32 n = report.number;
  Handle store = lookup("store"), timer = lookup("timer"), sched = lookup("sched"), counter = lookup("counter");
  report.expect("connect store", OK, report.join(STORE_ID, store), store);
  report.expect("connect timer", OK, report.join(TIMER_ID, timer), timer);
  report.expect("connect sched", OK, report.join(SCHEDULER_ID, sched), sched);
  report.expect("connect counter", OK, report.join(COUNTER_ID, counter), counter);
  u32 copy[KEYS] = {};
  for (u32 round = 0;; round++) {
    use_store(report, store, round, n, copy, KEYS);
    report.expect("sched set", OK, report.use(SCHEDULER_ID, sched, SCHEDULER_SET, 2 + round % 4), sched);
    report.expect("counter", static_cast<i32>(round + 1), report.use(COUNTER_ID, counter, COUNTER_ADD, round % 1000), counter);
    report.expect("timer set", OK, report.use(TIMER_ID, timer, TIMER_SET, 2 + n, 0), timer);
    report.expect("timer wait", 1, report.use(TIMER_ID, timer, TIMER_WAIT), timer);
    drop(lookup("store"));
  }
}

// Uses all idle time, forever, and prints only errors.
static void busy(u32 base) {
  NO_CALLER;
  constexpr u32 KEYS = 8, LOWEST_PRIORITY = 7;
  Report report("busy", number_of(base, BUSY));
  Handle store = lookup("store"), sched = lookup("sched"), counter = lookup("counter");
  report.expect("connect store", OK, report.join(STORE_ID, store), store);
  report.expect("connect sched", OK, report.join(SCHEDULER_ID, sched), sched);
  report.expect("connect counter", OK, report.join(COUNTER_ID, counter), counter);
  report.expect("sched set", OK, report.use(SCHEDULER_ID, sched, SCHEDULER_SET, LOWEST_PRIORITY), sched);
  u32 copy[KEYS] = {};
  for (u32 round = 0;; round++) {
    use_store(report, store, round, BUSY, copy, KEYS);
    report.expect("counter", static_cast<i32>(round + 1), report.use(COUNTER_ID, counter, COUNTER_ADD, round % 1000), counter);
    report.expect("sched get", static_cast<i32>(LOWEST_PRIORITY), report.use(SCHEDULER_ID, sched, SCHEDULER_GET), sched);
  }
}

// Uses every service each millisecond, forever, and prints a number each time, so that a lost or repeated line shows.
static void talk(u32) {
  NO_CALLER;
  Report report("talker", 0);
  Handle timer = lookup("timer"), sched = lookup("sched"), counter = lookup("counter"), meter = lookup("meter");
  report.expect("connect timer", OK, report.join(TIMER_ID, timer), timer);
  report.expect("connect sched", OK, report.join(SCHEDULER_ID, sched), sched);
  report.expect("connect counter", OK, report.join(COUNTER_ID, counter), counter);
  report.expect("connect meter", OK, report.join(METER_ID, meter), meter);
  for (u32 round = 1;; round++) {
    Handle store = report.find("store");
    report.expect("connect store", OK, report.join(STORE_ID, store), store);
    report.expect("store put", 1, report.use(STORE_ID, store, STORE_PUT, round, round), store);
    report.expect("store disconnect", OK, disconnect(store), store);
    report.expect("drop", OK, drop(store), store);
    report.expect("timer set", OK, report.use(TIMER_ID, timer, TIMER_SET, 10 + round % 3, 0), timer);
    report.expect("timer cancel", OK, report.use(TIMER_ID, timer, TIMER_CANCEL), timer);
    report.expect("timer left", ABSENT, report.use(TIMER_ID, timer, TIMER_LEFT), timer);
    report.expect("sched set", OK, report.use(SCHEDULER_ID, sched, SCHEDULER_SET, 2 + round % 2), sched);
    report.expect("counter", static_cast<i32>(round), report.use(COUNTER_ID, counter, COUNTER_ADD, round % 1000), counter);
    report.expect("meter", OK, report.use(METER_ID, meter, METER_TOUCH), meter);
    report.expect("meter nothing", static_cast<i32>(round & 0xff), report.use(METER_ID, meter, METER_NOTHING, round), meter);
    Line line;
    line << round;
    report.say(line);
    wait(0, 1);
  }
}

// Halts the machine when no other client is left.
static void init(u32) {
  NO_CALLER;
  constexpr u32 PERIOD_MS = 50;
  for (;;) {
    if (inspect(Inspect::CLIENTS, self()) == 0 && system(SYS_ARGUMENT, 0) != 0) system(SYS_HALT, 0);
    wait_until(CLIENT_ENDED, next_multiple(milliseconds(), PERIOD_MS));
  }
}

CLIENT(init_object, "init", INIT_ID, init)
CLIENT(mixed0, "mixed0", MIXED + 0, mixed)
CLIENT(mixed1, "mixed1", MIXED + 1, mixed)
CLIENT(mixed2, "mixed2", MIXED + 2, mixed)
CLIENT(mixed3, "mixed3", MIXED + 3, mixed)
CLIENT(mixed4, "mixed4", MIXED + 4, mixed)
CLIENT(mixed5, "mixed5", MIXED + 5, mixed)
CLIENT(mixed6, "mixed6", MIXED + 6, mixed)
CLIENT(mixed7, "mixed7", MIXED + 7, mixed)
CLIENT(mixed8, "mixed8", MIXED + 8, mixed)
CLIENT(mixed9, "mixed9", MIXED + 9, mixed)
CLIENT(timer0, "timers0", TIMERS + 0, timers)
CLIENT(timer1, "timers1", TIMERS + 1, timers)
CLIENT(timer2, "timers2", TIMERS + 2, timers)
CLIENT(store0, "stores0", STORES + 0, stores)
CLIENT(store1, "stores1", STORES + 1, stores)
CLIENT(sched0, "scheds0", SCHEDULERS + 0, schedulers)
CLIENT(sched1, "scheds1", SCHEDULERS + 1, schedulers)
CLIENT(calls0, "calls0", CALLS + 0, calls)
CLIENT(calls1, "calls1", CALLS + 1, calls)
CLIENT(calls2, "calls2", CALLS + 2, calls)
CLIENT(calls3, "calls3", CALLS + 3, calls)
CLIENT(steady0, "steady0", STEADY + 0, steady)
CLIENT(steady1, "steady1", STEADY + 1, steady)
CLIENT(steady2, "steady2", STEADY + 2, steady)
CLIENT(steady3, "steady3", STEADY + 3, steady)
CLIENT(steady4, "steady4", STEADY + 4, steady)
CLIENT(steady5, "steady5", STEADY + 5, steady)
CLIENT(steady6, "steady6", STEADY + 6, steady)
CLIENT(steady7, "steady7", STEADY + 7, steady)
CLIENT(steady8, "steady8", STEADY + 8, steady)
CLIENT(steady9, "steady9", STEADY + 9, steady)
CLIENT(talker0, "talker0", TALKER, talk)
CLIENT(busy0, "busy0", BUSY, busy)
CLIENT(yields0, "yields0", YIELDS + 0, yields)
CLIENT(yields1, "yields1", YIELDS + 1, yields)

}  // namespace curios
