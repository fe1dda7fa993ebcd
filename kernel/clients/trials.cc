// The workload of trials: a few clients that use every service in every way, record their results, and print little. At
// the end they wait, so that their states in services can be examined.
#include "aware.h"

namespace curios {
namespace {

constexpr u32 TRIALS[] = {29, 32, 33, 36};
constexpr u32 TYPIST = 37;
constexpr u32 ROUNDS = 12, KEYS = 6;

void stay(Recorder &records) {
  records.end();
  wait(0, LOOK_MS);
}

// A service, and what to do when it has lost this client's state. Under policy `aware` a layer does it.
struct Used {
  Recorder &records;
  u32 id;
  Handle handle;
  aware::Words *words;

  Used(Recorder &r, const char *name, u32 service, aware::Words *layer)
      : records(r), id(service), handle(find(r, name, layer != nullptr)), words(layer) {
    join();
  }
  static Handle find(Recorder &r, const char *name, bool repeats) {
    return r.found(repeats ? aware::find(name) : lookup(name));
  }

  void join() { records.join(id, handle); }
  i32 settle(i32 result) {
    if (result == LOST || result == NOT_CONNECTED) join();
    if (result == QUARANTINED) {
      disconnect(handle);
      join();
    }
    return result;
  }
  aware::Answer ask(u32 method, u32 a, u32 b) {
    return words == nullptr ? aware::made(handle, method, a, b) : words->ask(id, handle, method, a, b);
  }
  i32 use(u32 method, u32 a = 0, u32 b = 0) { return settle(records.record(id, method, ask(method, a, b).value)); }
  i32 read(u32 method, u32 a = 0) {
    aware::Answer r = ask(method, a, 0);
    return settle(records.record(id, method, r.value, r.value == OK ? r.more : 0));
  }
};

void trial(u32 base) {
  u32 n = 0;
  while (section(TRIALS[n]) != base) n++;
  Schedule schedule(n, n);
  aware::Words *words = aware::layer<aware::Words>();
  Report report("trial", n, words == nullptr ? nullptr : &aware::CAREFUL);
  Used store(report, "store", STORE_ID, words), timer(report, "timer", TIMER_ID, words),
      sched(report, "sched", SCHEDULER_ID, words), counter(report, "counter", COUNTER_ID, words);
  u32 sum = n;
  for (u32 round = 0; round < ROUNDS; round++) {
    schedule.await_next();
    for (u32 k = 0; k < KEYS; k++) {
      u32 key = (k * 5 + round * n) % 11, value = n * 0x9e3779b9u + round * 0x85ebca6bu + k;
      if ((round + k) % 4 != 3)
        store.use(STORE_PUT, key, value);
      else
        store.use(STORE_REMOVE, key);
      store.read(STORE_GET, (key + n) % 11);
      sum = mix(sum, value);
    }
    store.use(STORE_COUNT);
    counter.use(COUNTER_NOTHING, round + n);
    counter.use(COUNTER_ADD, round * 3 + n);
    counter.use(COUNTER_SUM);
    counter.use(COUNTER_TOUCH);
    counter.use(COUNTER_TURN, 1 + round % 3);
    sched.use(SCHEDULER_SET, 2 + (n + round) % 4);
    yield();
    sched.use(SCHEDULER_GET);
    timer.use(TIMER_SET, 1 + (n + round) % 2);
    if (round % 4 == 3) {
      timer.use(TIMER_CANCEL);
      timer.use(TIMER_LEFT);
      wait(0, 1);
    } else {
      timer.use(TIMER_WAIT);
    }
    drop(Used::find(report, "store", words != nullptr));
    if (round % 4 == n) {
      Line line;
      line << "round " << round << ", ";
      line.hex(sum);
      report.say(line);
    }
  }
  stay(report);
}

// Reads typed input, until a line that begins with Z.
void type(u32) {
  bool repeats = aware::is_policy();
  Report report("typist", 0, repeats ? &aware::CAREFUL : nullptr);
  char line[40];
  Handle memory = grant(line, sizeof line, true);
  for (;;) {
    i32 n = repeats ? aware::read(report.console.console, memory, sizeof line)
                    : call(report.console.console, CONSOLE_READ, memory, sizeof line);
    u32 digest = 0;
    for (i32 i = 0; i < n; i++) digest = mix(digest, static_cast<u8>(line[i]));
    report.record(CONSOLE_ID, CONSOLE_READ, n, digest);
    if (n == DEAD || (n > 0 && line[0] == 'Z')) break;
    if (n == LOST || n == NOT_CONNECTED || n == QUARANTINED) {
      disconnect(report.console.console);
      if (report.join(CONSOLE_ID, report.console.console) < 0) break;
    }
  }
  stay(report);
}

CLIENT(trial0, "trial0", TRIALS[0], trial)
CLIENT(trial1, "trial1", TRIALS[1], trial)
CLIENT(trial2, "trial2", TRIALS[2], trial)
CLIENT(trial3, "trial3", TRIALS[3], trial)
CLIENT(typist0, "typist0", TYPIST, type)

}  // namespace
}  // namespace curios
