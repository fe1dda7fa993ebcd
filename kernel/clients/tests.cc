// Tests of the kernel's promises, including attacks. Prints one line per test, in the order of the list; the transcript
// is the same with mapped and with packed states.
#include "../tests/tests.h"
#include "client.h"

namespace curios {
namespace {

struct Test {
  Report report;
  Handle counter, relay, evil;
  u32 failures = 0;
  u32 faults = 0;

  Test() : report("test", 0), counter(lookup("counter")), relay(lookup("relay")), evil(lookup("evil")) {}

  void is(const char *what, i32 wanted, i32 got) {
    Line line;
    line << what << ": ";
    report.record(TESTS_ID, 0, got);
    if (wanted == got) {
      line << "ok";
    } else {
      line << "FAILED, wanted " << wanted << ", got " << got;
      failures++;
    }
    report.say(line);
  }
  i32 fault_of(u32 id) { return inspect(Inspect::FAULT, id); }
  i32 restarts(u32 id) { return inspect(Inspect::RESTARTS, id); }
};

i32 code(Fault f) { return static_cast<i32>(f); }

void handles(Test &t) {
  t.is("no handle", BAD_HANDLE, call(0x7fff00, 0));
  t.is("a forged generation", BAD_HANDLE, call(t.counter + 0x100, COUNTER_NOTHING));
  t.is("another index", BAD_HANDLE, call(t.counter ^ 0x10, COUNTER_NOTHING));
  t.is("a method that is not there", BAD_METHOD, call(t.counter, 31));
  t.is("a call", 7, call(t.counter, COUNTER_NOTHING, 7));
  Handle copy = lookup("counter");
  t.is("a second handle", 9, call(copy, COUNTER_NOTHING, 9));
  t.is("drop", OK, drop(copy));
  t.is("use after drop", BAD_HANDLE, call(copy, COUNTER_NOTHING));
  t.is("drop again", BAD_HANDLE, drop(copy));
  Handle next = lookup("counter");
  t.is("the entry is used again, the handle is not", BAD_HANDLE, call(copy, COUNTER_NOTHING));
  drop(next);
  t.is("a name that is not there", ABSENT, static_cast<i32>(lookup("nobody")));
  t.is("a system call that is not there", BAD_ARGUMENT, static_cast<i32>(trap(static_cast<u32>(-1000), 0, 0, 0).value));
}

void states(Test &t) {
  t.is("before connecting", NOT_CONNECTED, call(t.counter, COUNTER_ADD, 1));
  t.is("connect", OK, connect(t.counter));
  t.is("connect twice", CONNECTED, connect(t.counter));
  t.is("the state is new", 1, call(t.counter, COUNTER_ADD, 5));
  t.is("the state stays", 2, call(t.counter, COUNTER_ADD, 6));
  t.is("and holds", 11, call(t.counter, COUNTER_SUM));
  Handle other = lookup("counter");
  t.is("another handle, another state", OK, connect(other));
  t.is("which is new", 1, call(other, COUNTER_ADD, 1));
  t.is("the first is as it was", 11, call(t.counter, COUNTER_SUM));
  t.is("disconnect", OK, disconnect(other));
  t.is("gone", NOT_CONNECTED, call(other, COUNTER_ADD, 1));
  drop(other);
  t.is("names keeps no states", BAD_ARGUMENT, connect(NAMES));
  constexpr u32 MANY = 60;
  Handle many[MANY];
  u32 made = 0;
  i32 result = OK;
  while (made < MANY) {
    many[made] = lookup("counter");
    result = failed(many[made]) ? static_cast<i32>(many[made]) : connect(many[made]);
    if (result != OK) break;
    made++;
  }
  t.is("the quota ends", made == MANY ? OK : NO_QUOTA, result);
  if (made < MANY) drop(many[made]);
  while (made > 0) drop(many[--made]);
  t.is("and is given back", OK, connect(many[0] = lookup("counter")));
  drop(many[0]);
}

void memory(Test &t) {
  static constexpr char text[] = "of the shared code";
  t.is("grant of another's memory", NO_MEMORY, static_cast<i32>(grant(reinterpret_cast<void *>(section(COUNTER_ID)), 16)));
  t.is("grant of the kernel's memory", NO_MEMORY, static_cast<i32>(grant(reinterpret_cast<void *>(0x10000), 16)));
  t.is("grant of one's own page table", NO_MEMORY,
       static_cast<i32>(grant(reinterpret_cast<void *>(section(self()) + HOME_TABLE), 16)));
  t.is("writable grant of code", NO_MEMORY, static_cast<i32>(grant(text, sizeof text, true)));
  Handle code = grant(text, sizeof text);
  t.is("grant of code to read", 1, failed(code) ? 0 : 1);
  t.is("a grant is no object", BAD_HANDLE, call(code, 0));
  drop(code);
  char own[32] = {};
  Handle mine = grant(own, sizeof own);
  t.is("read-only grants are not written", NO_MEMORY, call(t.evil, EVIL_SYSTEM, static_cast<u32>(SYS_COPY_OUT), mine, 4));
  t.is("but read", 4, call(t.evil, EVIL_SYSTEM, static_cast<u32>(SYS_COPY_IN), mine, 4));
  t.is("more than was granted", NO_MEMORY, call(t.report.console.console, CONSOLE_WRITE, mine, 40));
  drop(mine);
  volatile u32 *heap = reinterpret_cast<volatile u32 *>(section(self()) + HEAP);
  heap[100] = 42;
  t.is("the heap grows", 42, static_cast<i32>(heap[100]));
}

// Copies between client and server at all alignments, within pages and across them.
void copies(Test &t) {
  constexpr u32 BYTES = 2 * THROUGH_APART;
  u8 *bytes = reinterpret_cast<u8 *>(section(self()) + HEAP + 0x400);
  Handle keeper = lookup("keeper"), mine = grant(bytes, BYTES, true);
  constexpr u32 offsets[] = {0, 1, 2, 3, 0xbf0, 0xbfd, 0xbff, 0xc00}, places[] = {0, 1, 2, 3, 0xff0, 0xffd, 0xfff};
  constexpr u32 lengths[] = {0, 1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 60, 64, 100, 127, 1000, 4096};
  u32 wrong = 0, seed = 1;
  for (u32 offset : offsets)
    for (u32 place : places)
      for (u32 n : lengths) {
        if (offset + n >= THROUGH_APART - 1) continue;
        u8 *from = bytes + offset, *to = from + THROUGH_APART;
        for (u32 i = 0; i < n; i++) from[i] = static_cast<u8>(seed + i * 7);
        to[-1] = 0xa5;
        to[n] = 0x5a;
        if (call(keeper, KEEPER_THROUGH, mine, offset << 16 | n, place) != static_cast<i32>(n)) wrong++;
        for (u32 i = 0; i < n; i++) wrong += from[i] != static_cast<u8>(seed + i * 7) || to[i] != from[i];
        wrong += to[-1] != 0xa5 || to[n] != 0x5a;
        seed++;
      }
  t.is("bytes that differ in a copy", 0, static_cast<i32>(wrong));
  t.is("the last bytes of a grant", 4, call(keeper, KEEPER_THROUGH, mine, (BYTES - THROUGH_APART - 4) << 16 | 4, 0));
  t.is("and more than those", NO_MEMORY, call(keeper, KEEPER_THROUGH, mine, (BYTES - THROUGH_APART - 4) << 16 | 8, 0));
  t.is("beyond them", NO_MEMORY, call(keeper, KEEPER_THROUGH, mine, BYTES << 16 | 4, 0));
  t.is("into code", NO_MEMORY, call(keeper, KEEPER_THROUGH, mine, 4, CODE - HEAP));
  t.is("of a handle that the caller does not pass", BAD_HANDLE, call(keeper, KEEPER_THROUGH, mine ^ 0x100, 4, 0));
  drop(mine);
  t.is("of a dropped grant", BAD_HANDLE, call(keeper, KEEPER_THROUGH, mine, 4, 0));
  drop(keeper);
}

// Reads of kept memory with checksums, to all alignments, of whole units and of parts.
void reads(Test &t) {
  constexpr u32 BYTES = 0x3000, UNIT = 128;
  u8 *bytes = reinterpret_cast<u8 *>(section(self()) + HEAP + 0x400);
  Handle ledger = lookup("ledger"), mine = grant(bytes, BYTES, true);
  for (u32 i = 0; i < 2 * PAGE_BYTES; i++) bytes[i] = static_cast<u8>(i * 7 + i / 256);
  for (u32 at = 0; at < 2 * PAGE_BYTES; at += PAGE_BYTES)
    t.is("written", OK, call(ledger, LEDGER_FILL, at, mine, at << 16 | PAGE_BYTES));
  constexpr u32 offsets[] = {1, 2, 3, 4, 5, 0xbfc, 0xbfd, 0xc00}, froms[] = {0, 1, UNIT, 3 * UNIT + 4, PAGE_BYTES - UNIT, PAGE_BYTES};
  constexpr u32 lengths[] = {0, 1, 4, 127, UNIT, UNIT + 1, 3 * UNIT, 1024, 4096};
  u32 wrong = 0;
  for (u32 offset : offsets)
    for (u32 from : froms)
      for (u32 n : lengths) {
        u8 *to = bytes + offset;
        to[-1] = 0xa5;
        to[n] = 0x5a;
        i32 got = call(ledger, LEDGER_SHOW, from, mine, offset << 16 | n);
        bool fits = from + n <= 2 * PAGE_BYTES;
        if (fits != (got == static_cast<i32>(n))) wrong++;
        for (u32 i = 0; i < n && fits; i++) wrong += to[i] != static_cast<u8>((from + i) * 7 + (from + i) / 256);
        if (fits) wrong += to[-1] != 0xa5 || to[n] != 0x5a;
      }
  t.is("bytes that differ in a read", 0, static_cast<i32>(wrong));
  drop(mine);
  drop(ledger);
}

void crashes(Test &t) {
  static constexpr struct {
    Crash crash;
    const char *name;
    Fault fault;
  } kinds[] = {
      {Crash::ABORT, "abort", Fault::DATA_ABORT},       {Crash::UNDEFINED, "undefined", Fault::UNDEFINED},
      {Crash::ASSERT, "assertion", Fault::ASSERTION},   {Crash::HANG, "hang", Fault::DEADLINE},
      {Crash::STACK, "stack", Fault::STACK_OVERRUN},    {Crash::CONTRACT, "contract", Fault::CONTRACT},
      {Crash::JUMP, "jump", Fault::PREFETCH_ABORT},
  };
  u32 sum = 11;
  i32 count = 2;
  for (const auto &k : kinds) {
    i32 before = t.restarts(COUNTER_ID);
    system(SYS_CRASH, COUNTER_ID, static_cast<u32>(k.crash));
    u32 n = static_cast<u32>(k.crash) * 10;
    t.is(k.name, ++count, call(t.counter, COUNTER_ADD, n));
    sum += n;
    t.is("  detected as what it is", code(k.fault), t.fault_of(COUNTER_ID));
    t.is("  one restart", before + 1, t.restarts(COUNTER_ID));
    t.is("  nothing lost", static_cast<i32>(sum), call(t.counter, COUNTER_SUM));
  }
}

void damaged(Test &t) {
  Handle other = lookup("counter");
  connect(other);
  call(other, COUNTER_ADD, 3);
  system(SYS_CRASH, COUNTER_ID, static_cast<u32>(Crash::STATE));
  i32 result = call(other, COUNTER_ADD, 4);
  t.is("a state without its tag", code(Fault::STATE_CHECK), t.fault_of(COUNTER_ID));
  bool packed = result == 2;  // a packed one is as before the request; a mapped one is lost for its client alone
  t.is("undone or quarantined", packed ? 2 : static_cast<i32>(QUARANTINED), result);
  t.is("the other client's is whole", 0, call(t.counter, COUNTER_SUM) > 0 ? 0 : 1);
  t.is("disconnect", OK, disconnect(other));
  t.is("connect again", OK, connect(other));
  t.is("and begin again", 1, call(other, COUNTER_ADD, 1));
  drop(other);
}

void nested(Test &t) {
  t.is("relay", OK, connect(t.relay));
  t.is("open", OK, call(t.relay, RELAY_OPEN));
  t.is("through two objects", 1, call(t.relay, RELAY_ADD, 100));
  system(SYS_CRASH, COUNTER_ID, static_cast<u32>(Crash::ABORT));
  t.is("the inner one dies", 2, call(t.relay, RELAY_ADD, 200));
  system(SYS_CRASH, RELAY_ID, static_cast<u32>(Crash::UNDEFINED));
  t.is("the outer one dies", 3, call(t.relay, RELAY_ADD, 300));
  system(SYS_CRASH, RELAY_ID, static_cast<u32>(Crash::HANG));
  system(SYS_CRASH, COUNTER_ID, static_cast<u32>(Crash::HANG));
  t.is("both hang", 4, call(t.relay, RELAY_ADD, 400));
  t.is("all arrived once", 1000, call(t.relay, RELAY_SUM));
  t.is("waiting for itself", DEADLOCK, call(t.relay, RELAY_ITSELF));
  t.is("dies again when replayed", FAULTED, call(t.relay, RELAY_ADD_AND_DIE, 1));
  t.is("and serves on", 7, call(t.relay, RELAY_ADD, 1));
}

// A pause, so that the kernel does not refuse the client for causing too many faults.
void pause() { wait(98, 60); }

// A word of the keeper's kept memory.
i32 kept_word(Handle keeper, u32 offset) { return static_cast<i32>(call2(keeper, KEEPER_GET, offset).more); }

void kept(Test &t) {
  static constexpr char text[] = "a text that lies in the memory of the client";
  Handle keeper = lookup("keeper");
  t.is("kept memory is written at the commit", OK, call(keeper, KEEPER_PUT, 8, 1234));
  t.is("and read after it", 1234, kept_word(keeper, 8));
  t.is("out of reach", BAD_ARGUMENT, call(keeper, KEEPER_PUT, 0x3000, 1));
  t.is("at the very end, too far by a byte", BAD_ARGUMENT, call(keeper, KEEPER_PUT, 0x2ffd, 1));
  t.is("all or nothing", OK, call(keeper, KEEPER_PUT_TWO, 0xffc, 0x1000, 77));
  t.is("  the one", 77, kept_word(keeper, 0xffc));
  t.is("  and the other", 77, kept_word(keeper, 0x1000));
  t.is("a fault before the commit", FAULTED, call(keeper, KEEPER_PUT_AND_DIE, 8, 1));
  t.is("  leaves the old", 1234, kept_word(keeper, 8));
  t.is("a fault after it", OK, call(keeper, KEEPER_PUT_COMMIT_AND_DIE, 8, 99));
  t.is("  leaves the new", 99, kept_word(keeper, 8));
  system(SYS_CRASH, KEEPER_ID, static_cast<u32>(Crash::ABORT));
  t.is("a crash at entry", 99, kept_word(keeper, 8));
  t.is("  leaves the rest", 77, kept_word(keeper, 0x1000));
  t.is("its owner cannot store into it", FAULTED, call(keeper, KEEPER_STORE, 8, 5));
  t.is("  and has not", 99, kept_word(keeper, 8));
  bool confirms = inspect(Inspect::POLICY, KEEPER_ID) != static_cast<i32>(Policy::SSR_TWICE);
  i32 restarts = inspect(Inspect::RESTARTS, KEEPER_ID);
  t.is("an error is confirmed", confirms ? OK : FULL, call(keeper, KEEPER_HESITATE, 0));
  if (!confirms) call(keeper, KEEPER_HESITATE, 0);
  t.is("  unless something was changed", FULL, call(keeper, KEEPER_HESITATE, 1));
  t.is("  without a restart", restarts, inspect(Inspect::RESTARTS, KEEPER_ID));
  Handle from = grant(text, sizeof text);
  t.is("from the client's memory", OK, call(keeper, KEEPER_FILL, 0xff0, from, sizeof text));
  t.is("more than was granted", NO_MEMORY, call(keeper, KEEPER_FILL, 0xff0, from, sizeof text + 1));
  t.is("by a handle that is none", BAD_HANDLE, call(keeper, KEEPER_FILL, 0xff0, from ^ 0x100, 4));
  char back[sizeof text];
  Handle to = grant(back, sizeof back, true);
  t.is("and out of it", sizeof text, call(keeper, KEEPER_SHOW, 0xff0, to, sizeof text));
  u32 same = 0;
  while (same < sizeof text && back[same] == text[same]) same++;
  t.is("the same", sizeof text, static_cast<i32>(same));
  drop(from);
  drop(to);
  drop(keeper);
}

void stepping(Test &t) {
  Handle stepper = lookup("stepper");
  Result r = call2(stepper, STEPPER_WRITE, 11);
  t.is("steps", OK, r.value);
  t.is("what one has read", 11, static_cast<i32>(r.more));
  u32 words[] = {1, 2, 3, 4};
  Handle all = grant(words, sizeof words, true), some = grant(words, sizeof words - 4, true), fixed = grant(words, sizeof words);
  t.is("steps through memory", OK, call(stepper, STEPPER_PASS, all));
  t.is("the last word stays in the register", 1, words[0] == 1 && words[1] == 4 && words[2] == 4 && words[3] == 4);
  t.is("memory that is too small", NO_MEMORY, call(stepper, STEPPER_PASS, some));
  t.is("memory that is read-only", NO_MEMORY, call(stepper, STEPPER_PASS, fixed));
  t.is("no memory", BAD_HANDLE, call(stepper, STEPPER_PASS, 0x1234));
  r = call2(stepper, STEPPER_LAST, 12, 7);
  t.is("steps as part of the return", 7, r.value);
  t.is("what the last one has read", 12, static_cast<i32>(r.more));
  for (u32 how = 0; how < static_cast<u32>(WrongSteps::COUNT); how++) {
    t.is("wrong steps", FAULTED, call(stepper, STEPPER_WRONG, how));
    t.is("  detected", code(Fault::CONTRACT), t.fault_of(STEPPER_ID));
    r = call2(stepper, STEPPER_PEEK);
    t.is("  none was taken", 12, static_cast<i32>(r.more));
    pause();
  }
  t.is("a result outside the contract", FAULTED, call(stepper, STEPPER_LAST, 13, 8));
  t.is("its steps are not taken", 12, static_cast<i32>(call2(stepper, STEPPER_PEEK).more));
  const Handle done[] = {all, some, fixed, stepper};
  for (Handle h : done) drop(h);
}

void denied(Test &t, const char *what, Evil evil, u32 address, Fault fault) {
  t.is(what, FAULTED, call(t.evil, EVIL_DO, static_cast<u32>(evil), address));
  t.is("  detected", code(fault), t.fault_of(EVIL_ID));
  pause();
}

void adversary(Test &t) {
  t.is("connect", OK, connect(t.evil));
  t.is("it can use its client's state", 5, call(t.evil, EVIL_DO, static_cast<u32>(Evil::OWN_STATE), 5));
  struct {
    const char *name;
    u32 address;
  } const places[] = {
      {"the kernel's code", 0x10000},
      {"the vectors", 0},
      {"the kernel's memory", 0x200000},
      {"a device", 0x101f1000},
      {"another's private data", section(COUNTER_ID)},
      {"another's stack", section(COUNTER_ID) + HOME_STACK + 0x200},
      {"another's record", section(COUNTER_ID) + HOME_RECORD},
      {"another's code", section(COUNTER_ID) + CODE + 0x10},
      {"a client's memory", section(TESTS_ID) + HOME_STACK},
      {"the clients' code", CLIENT_CODE + 0x20},
      {"another's states", section(COUNTER_ID) + STATES},
      {"its own page table", section(EVIL_ID) + HOME_TABLE},
      {"its own record", section(EVIL_ID) + HOME_RECORD},
      {"the state of another client", section(EVIL_ID) + STATES},
  };
  for (const auto &p : places) {
    bool guard = p.address == section(EVIL_ID) + HOME_TABLE;
    Line line;
    line << p.name;
    t.report.say(line);
    denied(t, " read", Evil::READ, p.address, guard ? Fault::STACK_OVERRUN : Fault::DATA_ABORT);
    denied(t, " write", Evil::WRITE, p.address, guard ? Fault::STACK_OVERRUN : Fault::DATA_ABORT);
    denied(t, " execute", Evil::JUMP, p.address, Fault::PREFETCH_ABORT);
  }
  denied(t, "write its own code", Evil::WRITE, section(EVIL_ID) + CODE, Fault::DATA_ABORT);
  denied(t, "write the library", Evil::WRITE, LIBRARY, Fault::DATA_ABORT);
  denied(t, "read CP15", Evil::CP15_READ, 0, Fault::UNDEFINED);
  denied(t, "write the domains", Evil::CP15_WRITE, 0, Fault::UNDEFINED);
  denied(t, "mask interrupts and hang", Evil::MASK_AND_HANG, 0, Fault::DEADLINE);
  t.is("become privileged", 0x10, call(t.evil, EVIL_DO, static_cast<u32>(Evil::MODE)));
  denied(t, "return with a broken stack", Evil::BREAK_STACK, 0, Fault::BROKEN_STACK);
  denied(t, "commit the page table below the stack", Evil::COMMIT_BELOW, 2 * GRANULE, Fault::BROKEN_STACK);
  denied(t, "commit what lies below its memory", Evil::COMMIT_BELOW, 3 * GRANULE, Fault::BROKEN_STACK);
  denied(t, "run out of stack", Evil::EAT_STACK, 0, Fault::STACK_OVERRUN);
  denied(t, "run out of heap", Evil::EAT_HEAP, 0, Fault::DATA_ABORT);
  denied(t, "fault always", Evil::FAULT_ALWAYS, 0, Fault::ASSERTION);
  t.is("the state is as it was", 7, call(t.evil, EVIL_DO, static_cast<u32>(Evil::OWN_STATE), 7));

  t.is("keep a pointer to a state", OK, call(t.evil, EVIL_DO, static_cast<u32>(Evil::SAVE)));
  t.is("value for the other client", OK, call(t.evil, EVIL_SET, 77));
  i32 seen = call(t.relay, RELAY_EVIL, static_cast<u32>(Evil::READ_SAVED));
  t.is("use it for another client: a fault, or that one's own state", 1, seen == FAULTED || seen == 0 || seen == -99 ? 1 : seen);

  static constexpr struct {
    const char *name;
    i32 number;
    u32 a, b;
    i32 wanted;
  } calls[] = {
      {"lookup without the right", SYS_LOOKUP, 0x6e756f63, 0, NO_RIGHT},
      {"schedule without the right", SYS_SCHEDULE, TESTS_ID, 7, NO_RIGHT},
      {"crash without the right", SYS_CRASH, COUNTER_ID, 1, NO_RIGHT},
      {"halt without the right", SYS_HALT, 1, 0, NO_RIGHT},
      {"interrupts without the right", SYS_IRQ_WAIT, 12, 0, NO_RIGHT},
      {"grant another's memory", SYS_GRANT, section(COUNTER_ID), 16, NO_MEMORY},
      {"grant the kernel's memory", SYS_GRANT, 0x8000, 16, NO_MEMORY},
      {"copy from a handle that is none", SYS_COPY_IN, 0x1234, 16, BAD_HANDLE},
      {"give a handle that is none", SYS_GIVE, 0x1234, 1, BAD_HANDLE},
      {"connect what it has not", SYS_CONNECT, 0x1234, 0, BAD_HANDLE},
      {"guess a handle", 0x101, 0, 0, BAD_HANDLE},
      {"guess another", 0x202, 0, 0, BAD_HANDLE},
  };
  for (const auto &c : calls) t.is(c.name, c.wanted, call(t.evil, EVIL_SYSTEM, static_cast<u32>(c.number), c.a, c.b));
  t.is("use the client's handles", BAD_HANDLE, call(t.evil, EVIL_SYSTEM, t.counter, 1));
}

void poison(Test &t) {
  Handle other = lookup("evil");
  t.is("a state that kills recovery", OK, connect(other));
  t.is("set", OK, call(other, EVIL_SET, 666));
  t.is("fault", FAULTED, call(t.evil, EVIL_DO, static_cast<u32>(Evil::FAULT_ALWAYS)));
  t.is("its client is told", QUARANTINED, call(other, EVIL_SET, 1));
  t.is("the others are not", 3, call(t.evil, EVIL_DO, static_cast<u32>(Evil::OWN_STATE), 3));
  drop(other);
}

void waiting(Test &t) {
  Handle timer = lookup("timer");
  connect(timer);
  t.is("timer", OK, call(timer, TIMER_SET, 5, 0));
  system(SYS_CRASH, TIMER_ID, static_cast<u32>(Crash::ABORT));
  t.is("wait over a crash", 1, call(timer, TIMER_WAIT));
  t.is("time-out", 1, wait(99, 3));
  drop(timer);
}

void limits(Test &t) {
  i32 result = FAULTED;
  i32 before = t.restarts(EVIL_ID);
  u32 start = static_cast<u32>(microseconds());
  for (u32 tries = 0; tries < 100 && result == FAULTED; tries++)
    result = call(t.evil, EVIL_DO, static_cast<u32>(Evil::FAULT_ALWAYS));
  t.is("who makes it fault again and again is refused", FAULTED, result);
  u32 windows = (static_cast<u32>(microseconds()) - start) / 200000 + 2;
  t.is("and does not keep it busy", 1, t.restarts(EVIL_ID) - before <= static_cast<i32>(16 * windows));
  t.is("it lives", static_cast<i32>(ObjectState::ACTIVE), inspect(Inspect::STATE, EVIL_ID));
  wait(98, 250);
  t.is("and serves again after a while", 4, call(t.evil, EVIL_DO, static_cast<u32>(Evil::OWN_STATE), 4));
  t.is("the others serve on", 0, call(t.counter, COUNTER_SUM) > 0 ? 0 : 1);
}

void run(u32) {
  Test t;
  handles(t);
  states(t);
  memory(t);
  copies(t);
  reads(t);
  crashes(t);
  damaged(t);
  nested(t);
  kept(t);
  stepping(t);
  adversary(t);
  poison(t);
  waiting(t);
  limits(t);
  Line line;
  line << t.failures << " failures";
  t.report.say(line);
  system(SYS_HALT, t.failures == 0 ? 0 : 1);
}

}  // namespace

[[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor tests = {
    .name = "tests", .id = TESTS_ID, .main = ENTRY(run), .heap_limit = 0x4000, .quota = 0x2000,
    .rights = SHARES_CLIENT_CODE | LARGE_STACKS | MAY_CRASH | MAY_HALT, .priority = 4};
[[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const tests_described = &tests;

}  // namespace curios
