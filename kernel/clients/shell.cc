// The guest's own shell, on the console: commands to inspect services, use them, and crash them.
#include "shell.h"
#include "shell_net.h"

namespace curios {
namespace {

constexpr u32 SHELL = 60;

constexpr Named SERVICES[] = {{"names", NAMES_ID},     {"console", CONSOLE_ID},  {"timer", TIMER_ID},
                              {"sched", SCHEDULER_ID}, {"store", STORE_ID},      {"uartirq", UART_IRQ_ID},
                              {"counter", COUNTER_ID}, {"files", FILES_ID},      {"card", CARD_ID},
                              {"flush", FLUSH_ID},     {"net", NET_ID},          {"ether", ETHER_ID},
                              {"netirq", NET_IRQ_ID}};
constexpr Named CRASHES[] = {{"abort", 1}, {"undef", 2}, {"assert", 3}, {"hang", 4},
                             {"stack", 5}, {"contract", 6}, {"state", 7}, {"jump", 8}};
constexpr const char *STATES_OF_OBJECTS[] = {OBJECT_WORDS(WORD_NAME)};

Terminal terminal(Shell &s) { return {s.console.console, s.console.memory, s.output}; }

template <u32 N>
const Named *find(const Named (&table)[N], const char *name) {
  for (const Named &n : table)
    if (same(n.name, name)) return &n;
  return nullptr;
}

void split(Shell &s, u32 length) {
  s.count = 0;
  bool in_word = false;
  for (u32 i = 0; i < length; i++) {
    char &c = s.input[i];
    s.line[i] = c;
    if (c == ' ' || c == 0 || c == '\t') {
      c = 0;
      in_word = false;
    } else if (!in_word) {
      if (s.count < Shell::WORDS) s.words[s.count++] = &c;
      in_word = true;
    }
  }
  s.line[length] = s.input[length] = 0;
}

void services(Shell &s) {
  s.say("service   state         calls  restarts  sessions   bytes");
  for (const Named &n : SERVICES) {
    Line line;
    pad(line, n.name, 10);
    pad(line, STATES_OF_OBJECTS[inspect(Inspect::STATE, n.id)], 10);
    column(line, static_cast<u32>(inspect(Inspect::CALLS, n.id)), 9);
    column(line, static_cast<u32>(inspect(Inspect::RESTARTS, n.id)), 10);
    column(line, static_cast<u32>(inspect(Inspect::STATES, n.id)), 10);
    column(line, static_cast<u32>(inspect(Inspect::MEMORY, n.id)), 8);
    s.say(line);
  }
}

void show(Shell &s, const char *what, i32 result) {
  Line line;
  line << what << ": ";
  if (result < 0)
    line << "error " << result;
  else
    line << result;
  s.say(line);
}

void crash(Shell &s) {
  const Named *service = s.count > 1 ? find(SERVICES, s.words[1]) : nullptr;
  const Named *kind = s.count > 2 ? find(CRASHES, s.words[2]) : &CRASHES[0];
  if (service == nullptr || kind == nullptr) {
    s.say("crash SERVICE [abort|undef|assert|hang|stack|contract|state|jump]: its next request fails so");
    return;
  }
  system(SYS_CRASH, service->id, kind->id);
  Line line;
  line << "the next request of " << service->name << " ends in: " << kind->name;
  s.say(line);
}

// Lists the objects that run, by number; only services have names.
void processes(Shell &s) {
  s.say("object       state         ms used   calls  restarts   bytes");
  for (u32 id = 1; id < MAX_OBJECTS; id++) {
    i32 state = inspect(Inspect::STATE, id);
    if (state <= 0 || state == static_cast<i32>(ObjectState::GONE)) continue;
    const char *name = "";
    for (const Named &n : SERVICES)
      if (n.id == id) name = n.name;
    Line line;
    column(line, id, 3);
    line << " ";
    pad(line, name, 9);
    pad(line, STATES_OF_OBJECTS[state], 10);
    column(line, static_cast<u32>(inspect(Inspect::USED, id)), 11);
    column(line, static_cast<u32>(inspect(Inspect::CALLS, id)), 8);
    column(line, static_cast<u32>(inspect(Inspect::RESTARTS, id)), 10);
    column(line, static_cast<u32>(inspect(Inspect::MEMORY, id)), 8);
    s.say(line);
  }
}

// The time that a command takes.
void measure(Shell &s) {
  for (u32 i = 1; i < s.count; i++) s.words[i - 1] = s.words[i];
  s.count--;
  u64 before = microseconds();
  carry_out(s);
  Line line;
  line << static_cast<u32>(microseconds() - before) << " us";
  s.say(line);
}

}  // namespace

void carry_out(Shell &s) {
  u32 a = 0, b = 0;
  const char *command = s.words[0];
  if (same(command, "help")) {
    s.say("services              what there is, and how often it has restarted");
    s.say("crash SERVICE [KIND]  break a service at its next request");
    s.say("put KEY VALUE, get KEY, count    use the store");
    s.say("add N, sum            use the counter");
    s.say("sleep MILLISECONDS    use the timer");
    file_help(s);
    network_help(terminal(s));
    s.say("ps                    what runs");
    s.say("time COMMAND          how long it takes");
    s.say("halt                  end the machine");
    s.say("Keys: left, right, home, end, delete; up, down: lines from before; Ctrl-U, Ctrl-K, Ctrl-W, Ctrl-C.");
  } else if (same(command, "services")) {
    services(s);
  } else if (same(command, "crash")) {
    crash(s);
  } else if (same(command, "put") && s.count > 2 && number(s.words[1], &a) && number(s.words[2], &b)) {
    show(s, "put", call(s.store, STORE_PUT, a, b));
  } else if (same(command, "get") && s.count > 1 && number(s.words[1], &a)) {
    Result r = call2(s.store, STORE_GET, a);
    show(s, "get", r.value < 0 ? r.value : static_cast<i32>(r.more));
  } else if (same(command, "count")) {
    show(s, "count", call(s.store, STORE_COUNT));
  } else if (same(command, "add") && s.count > 1 && number(s.words[1], &a)) {
    show(s, "add", call(s.counter, COUNTER_ADD, a));
  } else if (same(command, "sum")) {
    show(s, "sum", call(s.counter, COUNTER_SUM));
  } else if (same(command, "sleep") && s.count > 1 && number(s.words[1], &a)) {
    call(s.timer, TIMER_SET, a, 0);
    show(s, "sleep", call(s.timer, TIMER_WAIT));
  } else if (same(command, "ps")) {
    processes(s);
  } else if (same(command, "time") && s.count > 1 && !same(s.words[1], "time")) {
    measure(s);
  } else if (same(command, "halt")) {
    s.files.sync();
    system(SYS_HALT, 0);
  } else if (file_command(s)) {
    return;
  } else if (network_command(s.words, s.count, terminal(s))) {
  } else {
    Line line;
    line << command << ": no such command, or not with these words; try help";
    s.say(line);
  }
}

namespace {

void run(u32) {
  NO_CALLER;
  Shell s{};
  s.room = reinterpret_cast<Shell::Room *>(section(self()) + HEAP);
  s.room->directory[0] = '/';
  s.console.begin(s.output, sizeof s.output);
  s.room->editor.begin(s.console.console);
  s.files.begin(s.room->path);
  s.content = grant(s.room->content, sizeof s.room->content, true);
  s.store = lookup("store");
  s.timer = lookup("timer");
  s.counter = lookup("counter");
  connect(s.store);
  connect(s.timer);
  connect(s.counter);
  s.say("CuriOS. Type help; services come back when they crash, and what they keep for you stays.");
  for (;;) {
    split(s, s.room->editor.read(s.input));
    if (s.count > 0) carry_out(s);
  }
}

}  // namespace

[[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor shell = {
    .name = "shell", .id = SHELL, .main = reinterpret_cast<u32>(run), .heap_limit = 0x8000, .quota = 0x4000,
    .rights = SHARES_CLIENT_CODE | LARGE_STACKS | MAY_CRASH | MAY_HALT, .priority = 3};
[[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const shell_described = &shell;

}  // namespace curios
