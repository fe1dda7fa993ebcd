package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.tests.Peers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions of the real gdb with CuriOS, with source lines, interpreted and compiled. */
class GdbTest {
  private static final String TICK = "printf \"%llu\\n\", (unsigned long long) $tick";

  @BeforeAll
  static void isNeeded() {
    Peers.needGdb();
  }

  private static Served mixed(Served.Mode mode) {
    return Served.curios(mode, "run=mixed");
  }

  private static long tick(Gdb.Session s, int nth) {
    return Long.parseLong(s.of(TICK, nth).lines().findFirst().orElse(""));
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERPRETED", "JIT"})
  void breakpointsAndStepsBySourceLine(Served.Mode mode) throws Exception {
    String put = Gdb.place("services/store.cc", "s->pairs[i].value = value;");
    String prior = Gdb.place("clients/workloads.cc", "u32 priority = 2 + (n + round)");
    String wait = Gdb.place("clients/workloads.cc", "\"timer wait\"");
    try (Served served = mixed(mode)) {
      Gdb.Session s =
          Gdb.run(
              served.server.port(),
              "info registers r0 sp pc cpsr",
              "break " + put,
              "continue",
              "bt",
              "info threads",
              "print key",
              "x/i $pc",
              "next",
              "advance user_return",
              "delete",
              "tbreak use_store",
              "continue",
              "next",
              "finish",
              "tbreak " + prior,
              "continue",
              "next",
              "next",
              "bt",
              "advance " + wait,
              "detach");
      s.says("info registers r0 sp pc cpsr", "pc             0x10000             0x10000 <_start>");
      s.says("info registers r0 sp pc cpsr", "[ M=19 F I ]");
      s.says("continue", 0, "hit Breakpoint 1, curios::put (s=");
      s.says("continue", 0, "\t    s->pairs[i].value = value;");
      s.says("bt", 0, "#0  curios::put");
      s.says("bt", 0, "in protected_call () at ./cuik/library.S");
      assertEquals(2, s.of("bt", 0).lines().count(), s.all());
      assertTrue(
          s.of("info threads")
              .matches(
                  "(?s).*\\* \\d+ +Thread \\d+ \"mixed\\d>store\" \\(running, priority \\d\\) .*"),
          s.all());
      s.says("info threads", "\"sched\" (waiting, priority 0)");
      s.says("print key", "= 3");
      s.says("x/i $pc", "#4]");
      s.says("next", 0, "\t    check(s->pairs[i].key == asked(1)");
      // out of the method: its caller is what the kernel returns to
      s.says("advance user_return", "user_return () at ./cuik/library.S");
      s.says("continue", 1, "curios::use_store (");
      s.says("next", 1, "\t    u32 key");
      s.says("finish", "curios::mixed (");
      s.says("finish", "Value returned is");
      // over a protected call: other threads may run meanwhile, the kernel is not seen
      s.says("continue", 2, "\t    u32 priority");
      s.says("next", 2, "\t    report.expect(\"sched set\"");
      s.says("bt", 1, "in thread_begin () at ./cuik/library.S");
      s.says("advance " + wait, "\t    report.expect(\"timer wait\"");
      served.awaitSaid("detached");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERPRETED", "JIT"})
  void timeGoesBack(Served.Mode mode) throws Exception {
    String put = Gdb.place("services/store.cc", "s->pairs[i].value = value;");
    try (Served served = mixed(mode)) {
      Gdb.Session s =
          Gdb.run(
              served.server.port(),
              "break " + put,
              "continue",
              TICK,
              "continue",
              TICK,
              "reverse-continue",
              TICK,
              "reverse-stepi",
              TICK,
              "stepi",
              TICK,
              "delete",
              "reverse-step",
              "reverse-next",
              "reverse-finish",
              "bt",
              "tbreak kernel_main",
              "reverse-continue",
              TICK,
              "reverse-continue",
              "break " + put,
              "continue",
              TICK,
              "continue",
              TICK);
      assertTrue(tick(s, 1) > tick(s, 0));
      assertEquals(tick(s, 0), tick(s, 2), s.all());
      s.says("reverse-continue", 0, "hit Breakpoint 1, curios::put");
      assertEquals(tick(s, 0) - 1, tick(s, 3), s.all());
      assertEquals(tick(s, 0), tick(s, 4), s.all());
      s.says("reverse-step", "s->guard.balance -= value - s->pairs[i].value;");
      s.says(
          "reverse-next",
          "if (i < s->count && s->pairs[i].key == key)"); // another place of the line
      // back over the call of the method, into the client that has made it
      s.says("reverse-finish", "asm volatile(\"svc #0\"");
      s.says("bt", "curios::use_store (");
      s.says("reverse-continue", 1, "kernel_main () at ./cuik/boot.cc");
      s.says("reverse-continue", 2, "No more reverse-execution history");
      s.says("reverse-continue", 2, "_start () at ./cuik/entry.S");
      assertEquals(tick(s, 0), tick(s, 6), s.all());
      assertEquals(tick(s, 1), tick(s, 7), s.all());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERPRETED", "JIT"})
  void watchpointsShowOldAndNewValue(Served.Mode mode) throws Exception {
    try (Served served = mixed(mode)) {
      Gdb.Session s =
          Gdb.run(
              served.server.port(),
              "tbreak " + Gdb.place("services/store.cc", "s->pairs[i].value = value;"),
              "continue",
              "watch total",
              "continue",
              "x/i $pc - 4",
              "continue",
              "reverse-continue",
              "x/i $pc",
              "reverse-continue",
              "delete",
              "watch event_count if event_count == 2",
              "monitor crash store abort",
              "continue",
              "bt",
              "delete",
              "rwatch policy",
              "continue",
              "print policy");
      change(s, "continue", 1, -1);
      s.says("x/i $pc - 4", "str");
      change(s, "continue", 2, 1);
      change(s, "reverse-continue", 0, -1);
      s.says("x/i $pc", "=>");
      s.says("x/i $pc", "str");
      change(s, "reverse-continue", 1, 1);
      s.says("continue", 3, "Old value = 1");
      s.says("continue", 3, "New value = 2");
      s.says("continue", 3, "\"kernel\"");
      s.says("bt", "curios::event (");
      s.says("continue", 4, "Hardware read watchpoint");
      s.says("continue", 4, "Value = curios::Policy::");
    }
  }

  private static void change(Gdb.Session s, String command, int nth, int by) {
    Matcher m =
        Pattern.compile(
                "(?s)Hardware watchpoint.*Old value = (\\d+)\nNew value = (\\d+)\n.*store.cc")
            .matcher(s.of(command, nth));
    assertTrue(m.find(), () -> command + " " + nth + " in\n" + s.all());
    assertEquals(by, Integer.parseInt(m.group(2)) - Integer.parseInt(m.group(1)), s.all());
  }

  @Test
  void everyThreadHasItsStack() throws Exception {
    String put = Gdb.place("services/store.cc", "s->pairs[i].value = value;");
    String system = Gdb.place("cuik/system.cc", "u32 number = -f->r[12];");
    String got = Gdb.place("services/store.cc", "static_cast<u64>(s->pairs[i].value)");
    try (Served served = mixed(Served.Mode.INTERPRETED)) {
      Gdb.Session s =
          Gdb.run(
              served.server.port(),
              "tbreak " + put, // some are in calls already
              "continue",
              "break interrupt",
              "continue",
              "delete",
              "info threads",
              "thread apply all -q bt",
              "monitor callers on",
              "info threads",
              "thread find in a call",
              "thread apply all -q bt",
              "python named = {t.name: t.num for t in gdb.selected_inferior().threads()}",
              "python gdb.execute('tbreak " + system + " thread %d' % named['kernel'])",
              "continue",
              "bt",
              "python named = {t.ptid[1]: t.num for t in gdb.selected_inferior().threads()}",
              "python gdb.execute('tbreak " + got + " thread %d' % named[113])",
              "continue",
              "next",
              "python print(gdb.selected_thread().name)");
      assertTrue(
          s.of("info threads").matches("(?s).*\\* \\d+ +Thread 1 \"kernel\" \\(running\\).*"),
          s.all());
      String all = s.of("thread apply all -q bt");
      assertTrue(all.contains("#0  curios::interrupt ()"), s.all());
      assertTrue(all.contains("protected_call ()"), s.all());
      assertFalse(all.contains("curios::mixed ("), s.all());
      all += s.of("thread apply all -q bt", 1);
      assertTrue(all.contains("curios::mixed ("), s.all());
      assertTrue(all.contains("thread_begin"), s.all());
      assertTrue(all.lines().count() < 200, () -> "stacks have an end:\n" + s.all());
      assertFalse(all.contains("corrupt"), s.all());
      s.says("info threads", 1, "(in a call)");
      s.says("continue", 2, "trap_system (f=");
      assertEquals(1, s.of("bt").lines().count(), s.all());
      s.says("continue", 3, "curios::get (s=");
      s.says("next", "user_return ()");
      s.says("python print(gdb.selected_thread().name)", ">store");
    }
  }

  @Test
  void monitorCommandsSnapshotsAndFaults() throws Exception {
    try (Served served = Served.curios(Served.Mode.INTERPRETED, "run=steady0,steady1")) {
      served.runTo(3_000_000);
      Gdb.Session s =
          Gdb.run(
              served.server.port(),
              "monitor help",
              "monitor ticks",
              "monitor services",
              "monitor snapshot before",
              "monitor crash store abort",
              "tbreak fault",
              "continue",
              "bt",
              "print what",
              "tbreak recovery_step",
              "continue",
              "tbreak put",
              "tbreak " + Gdb.place("services/store.cc", "u32 i = place(s, key);"),
              "continue",
              "monitor services",
              "monitor restore before",
              "maintenance flush register-cache",
              TICK,
              "monitor back 1000",
              "maintenance flush register-cache",
              TICK,
              "monitor nonsense",
              "set var $r7 = 42",
              "print $r7",
              "print $sp_svc",
              "info registers system",
              "x/4xw 0x101f1000",
              "compare-sections library",
              "print curios::total = 7",
              "print curios::total");
      s.says("monitor help", "monitor crash SERVICE [KIND]");
      s.says("monitor ticks", "3000000");
      assertTrue(s.of("monitor services").matches("(?s).*store +active +\\d+ +0 .*"), s.all());
      s.says("monitor crash store abort", "store will crash at its next request");
      s.says("continue", 0, "curios::fault (");
      s.says("bt", 0, "in trap_data (");
      s.says("continue", 1, "curios::recovery_step (");
      assertTrue(s.of("monitor services", 1).matches("(?s).*store +active +\\d+ +1 .*"), s.all());
      s.says("monitor restore before", "tick 3000000");
      assertEquals(3_000_000, tick(s, 0), s.all());
      assertEquals(2_999_000, tick(s, 1), s.all());
      s.says("monitor nonsense", "no such command");
      s.says("print $r7", "= 42");
      s.says("info registers system", "cp15_ttbr");
      s.says("info registers system", "spsr_irq");
      s.says("x/4xw 0x101f1000", "Cannot access memory at address 0x101f1000");
      s.says("compare-sections library", "matched");
      s.says("print curios::total", "= 7");
    }
  }

  @Test
  void detachAttachAgainInterruptAndKill() throws Exception {
    try (Served served = Served.curios(Served.Mode.JIT, "run=steady0")) {
      Gdb.Session first =
          Gdb.run(served.server.port(), "break dispatch", "continue", "info breakpoints", "detach");
      first.says("continue", "hit Breakpoint 1, curios::dispatch");
      served.awaitSaid("detached");
      served.awaitTick(1_000_000); // it runs on, without the breakpoint
      Gdb.Session second =
          Gdb.run(
              served.server.port(),
              TICK,
              "python import threading, os, signal, time",
              "python threading.Timer(2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()",
              "continue",
              TICK,
              "info threads",
              "kill");
      assertTrue(tick(second, 0) >= 1_000_000, second.all());
      assertTrue(tick(second, 1) > tick(second, 0), second.all());
      second.says("continue", "received signal SIGINT");
      second.says("kill", "[Inferior 1 (Remote target) killed]");
      served.awaitSaid("killed");
      assertTrue(served.killed);
    }
  }

  @Test
  void aProgramRunsToItsEndAndBack() throws Exception {
    try (Served served = Served.program(Served.Mode.JIT, "bench/quicksort-thumb")) {
      Gdb.Session s =
          Gdb.run(
              served.server.port(),
              "break main",
              "continue",
              "print $cpsr",
              "x/2i $pc",
              "next",
              "next",
              "step",
              "finish",
              "delete",
              "set var bench_repetitions = 1",
              "continue",
              TICK,
              "reverse-stepi",
              TICK,
              "break main",
              "reverse-continue",
              "continue",
              "continue");
      s.says("continue", 0, "Breakpoint 1, main () at ./programs/bench/bench.cc");
      s.says("print $cpsr", " T ");
      s.says("continue", 1, "the guest has ended with status 0");
      s.says("continue", 1, "SIGKILL");
      assertEquals(tick(s, 0) - 1, tick(s, 1), s.all());
      s.says("reverse-continue", "Breakpoint 2, main ()");
      s.says("continue", 3, "exited normally");
      served.awaitSaid("the guest has ended with status 0");
    }
  }

  @Test
  void aSecondGdbIsTold() throws Exception {
    try (Served served = Served.curios(Served.Mode.INTERPRETED, "run=steady0");
        Rsp first = served.attach()) {
      assertTrue(first.ask("?").startsWith("T05"));
      Gdb.Session s = Gdb.run(served.server.port(), "info threads");
      assertTrue(s.all().contains("another debugger is attached to this machine"), s.all());
      served.awaitSaid("a second debugger was refused");
    }
  }
}
