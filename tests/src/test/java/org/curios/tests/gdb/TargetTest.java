package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.session.Session.State;
import org.curios.lab.session.SessionException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a debugger sees of CuriOS and can do to it, packet by packet. */
class TargetTest {
  private static final int SP = 13;
  private static final int PC = 15;
  private static final int CPSR = 25;
  private static final int KERNEL = 1;

  private static Served curios() {
    return Served.curios(Served.Mode.INTERPRETED, "run=steady0");
  }

  private static String hex(int value) {
    return Integer.toHexString(value);
  }

  @Test
  void saysWhatItCanDo() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      String features = rsp.ask("qSupported:multiprocess+;swbreak+;hwbreak+;xmlRegisters=i386");
      for (String feature :
          List.of(
              "PacketSize=4000",
              "QStartNoAckMode+",
              "swbreak+",
              "hwbreak+",
              "ReverseStep+",
              "ReverseContinue+",
              "vContSupported+",
              "qXfer:features:read+",
              "qXfer:threads:read+")) {
        assertTrue(List.of(features.split(";")).contains(feature), features);
      }
      assertEquals("vCont;c;C;s;S;r", rsp.ask("vCont?"));
      String xml = rsp.transfer("features", "target.xml");
      assertTrue(xml.contains("<architecture>armv5te</architecture>"), xml);
      assertTrue(xml.contains("\"org.gnu.gdb.arm.core\""), xml);
      assertTrue(xml.contains("\"org.curios.arm.system\""), xml);
      assertTrue(xml.contains("<reg name=\"cpsr\" bitsize=\"32\" regnum=\"25\""), xml);
    }
  }

  @Test
  void registersAreReadAndWritten() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      assertEquals(0x10000, rsp.register(PC));
      assertEquals(Psr.SUPERVISOR | Psr.I | Psr.F, rsp.register(CPSR));
      String all = rsp.ask("g");
      assertEquals(all.substring(15 * 8, 16 * 8), rsp.ask("pf"));
      for (int number = 0; number <= 13; number++) {
        assertEquals("OK", rsp.ask("P" + hex(number) + "=" + (10 + number) + "000000"));
        assertEquals(Integer.parseInt("" + (10 + number), 16), rsp.register(number));
      }
      int banked = 0;
      for (int number = 26; !rsp.ask("p" + hex(number)).startsWith("E"); number++) {
        banked++;
      }
      assertTrue(banked > 25, "banked registers, CP15 and the tick");
      assertEquals("OK", rsp.ask("G" + all));
      assertEquals(all, rsp.ask("g"));
      // Thumb state by the T bit; another mode has another stack pointer
      assertEquals("OK", rsp.ask("Pd=78563412"));
      assertEquals("OK", rsp.ask("P19=f3000000"));
      assertEquals(1, served.cpu().pc & 1);
      assertEquals("OK", rsp.ask("P19=d2000000"));
      assertEquals(0, served.cpu().pc & 1);
      assertEquals(0, rsp.register(SP));
      assertEquals(0x12345678, served.cpu().banked(Psr.SUPERVISOR, 13));
    }
  }

  @Test
  void memoryIsReachedWhateverTheRights() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      assertEquals("E14", rsp.ask("m40500000,4"), "nothing is mapped yet");
      served.runTo(rsp, "trap_call");
      assertNotEquals("E14", rsp.ask("m40500000,4"), "the store's data, seen from the kernel");
      assertEquals("OK", rsp.ask("M40500000,4:01020304"));
      assertEquals("01020304", rsp.ask("m40500000,4"));
      assertEquals("OK", rsp.ask("X40500001,2:ab"));
      assertEquals("01616204", rsp.ask("m40500000,4"));
      assertEquals("OK", rsp.ask("X40500000,0:"));
      for (String nowhere : List.of("f0000000", "101f1000")) {
        assertEquals("E14", rsp.ask("m" + nowhere + ",4"), nowhere);
        assertEquals("E14", rsp.ask("M" + nowhere + ",1:00"), nowhere);
      }
      assertEquals(2, rsp.ask("m3ffffff,4").length(), "what is there of it");
      assertEquals("E14", rsp.ask("M3ffffff,2:0000"), "all of it or nothing");
    }
  }

  /** More objects than domains: some have no translation at the moment. */
  @Test
  void memoryOfObjectsWithoutDomainIsFound() throws IOException {
    try (Served served =
            Served.curios(Served.Mode.INTERPRETED, "run=mixed,steady0,steady1,steady2,steady3");
        Rsp rsp = served.attach()) {
      served.runTo(3_000_000);
      int absent = 0;
      int threads = 0;
      for (String id : rsp.ask("qfThreadInfo").substring(1).split(",")) {
        if (id.equals("1")) {
          continue;
        }
        assertEquals("OK", rsp.ask("Hg" + id));
        int sp = rsp.register(SP);
        threads++;
        absent += served.session.call(m -> m.cpu().memory.physical(sp - 4)) == -1 ? 1 : 0;
        assertNotEquals("E14", rsp.ask("m" + hex(sp - 4) + ",4"), () -> "stack at " + hex(sp));
      }
      assertTrue(threads > 13, "threads");
      assertTrue(absent > 0, "some have no domain");
    }
  }

  @Test
  void threadsAreTheGuests() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      assertEquals("m1", rsp.ask("qfThreadInfo"));
      assertEquals("l", rsp.ask("qsThreadInfo"));
      assertEquals("QC1", rsp.ask("qC"));
      assertEquals(hex(KERNEL), Rsp.thread(served.runTo(rsp, "trap_call")));
      String xml = rsp.transfer("threads", "");
      assertTrue(xml.contains("<thread id=\"1\" core=\"0\" name=\"kernel\">running</thread>"), xml);
      assertTrue(xml.contains("name=\"steady0\">ready, priority 4<"), xml);
      assertTrue(xml.contains("name=\"sched\">waiting, priority 0<"), xml);
      String client = xml.replaceFirst("(?s).*id=\"(\\w+)\" core=\"0\" name=\"steady0\".*", "$1");
      assertEquals("OK", rsp.ask("T" + client));
      assertEquals("E01", rsp.ask("T7777"));
      assertEquals("OK", rsp.ask("Hg" + client));
      assertEquals(Psr.USER, rsp.register(CPSR) & Psr.MODE, "what the kernel has saved of it");
      assertEquals(0x31, rsp.register(PC) >>> 24, "in the clients' code");
      assertEquals("OK", rsp.ask("P4=efbeadde"));
      assertEquals(0xdeadbeef, rsp.register(4));
      assertEquals("OK", rsp.ask("Hg1"));
      assertEquals(Psr.SUPERVISOR, rsp.register(CPSR) & Psr.MODE);
      assertNotEquals(0xdeadbeef, rsp.register(4));
      assertTrue(rsp.ask("qThreadExtraInfo," + client).length() > 10);
    }
  }

  /** gdb does not say so again: after a stop the registers are those of the thread in its reply. */
  @Test
  void theThreadThatHasStoppedIsSelected() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      served.runTo(rsp, "trap_call");
      String xml = rsp.transfer("threads", "");
      String sched = xml.replaceFirst("(?s).*id=\"(\\w+)\" core=\"0\" name=\"sched\".*", "$1");
      assertEquals("OK", rsp.ask("Hg" + sched));
      int other = rsp.register(PC);
      rsp.go("vCont;s:1;c");
      assertNotEquals(other, rsp.register(PC));
      assertEquals(served.cpu().register(PC), rsp.register(PC));
    }
  }

  @Test
  void callersAreThreadsOnRequest() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      served.runTo(rsp, "use_store");
      served.runTo(rsp, "call_entered");
      rsp.go("vCont;s");
      int count = rsp.ask("qfThreadInfo").split(",").length;
      assertEquals("", rsp.monitor("callers on"));
      String xml = rsp.transfer("threads", "");
      assertTrue(count < rsp.ask("qfThreadInfo").split(",").length);
      String caller =
          xml.replaceFirst(
              "(?s).*<thread(?=[^>]*name=\"steady)[^>]*id=\"(\\w+)\"[^>]*>in a call.*", "$1");
      assertEquals("OK", rsp.ask("Hg" + caller));
      assertEquals(0x31, rsp.register(PC) >>> 24, "the client's call");
      int after = rsp.register(PC);
      String stop = rsp.go("vCont;s:" + caller + ";c");
      assertTrue(stop.startsWith("T0"), stop);
      assertEquals("OK", rsp.ask("Hg0"));
      assertEquals(after + 4, rsp.register(PC), "its next instruction, after the call");
      assertEquals("", rsp.monitor("callers off"));
    }
  }

  @Test
  void aStepPassesOverKernelAndServices() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      served.runTo(rsp, "use_store");
      served.runTo(rsp, "trap_system");
      String client = Rsp.thread(rsp.go("vCont;s")); // the kernel's
      assertEquals("1", client);
      rsp.ask("Z0," + served.hex("call_returned") + ",4");
      rsp.go("vCont;c");
      rsp.ask("z0," + served.hex("call_returned") + ",4");
      String stop = rsp.go("vCont;s");
      client = Rsp.thread(stop);
      assertNotEquals("1", client, stop);
      int section = rsp.register(PC) >>> 24;
      long calls = 0;
      for (int i = 0; i < 300; i++) {
        long tick = served.session.status().tick();
        stop = rsp.go("vCont;s:" + client + ";c");
        assertEquals(client, Rsp.thread(stop));
        assertEquals(section, rsp.register(PC) >>> 24, "never in the kernel or in a service");
        calls += served.session.status().tick() > tick + 50 ? 1 : 0;
      }
      assertTrue(calls > 0, "some instructions were calls");
    }
  }

  @Test
  void whatIsChangedIsPartOfThePast() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      served.runTo(rsp, "kernel_main");
      int unused = served.address("event_ring") + 200 * 24;
      long tick = served.session.status().tick();
      assertEquals("OK", rsp.ask("M" + hex(unused) + ",4:efbeadde"));
      rsp.go("bs");
      assertEquals(0, rsp.memory(unused));
      rsp.go("vCont;s");
      assertEquals(0xdeadbeef, rsp.memory(unused));
      served.runTo(rsp, "dispatch");
      assertEquals(0xdeadbeef, rsp.memory(unused));
      assertTrue(rsp.monitor("back @" + (tick - 10)).startsWith("tick " + (tick - 10)));
      assertEquals(0, rsp.memory(unused));
      served.runTo(rsp, "dispatch");
      assertEquals(0xdeadbeef, rsp.memory(unused));
      // a change in the past makes another future, without this one
      rsp.monitor("back @" + (tick - 10));
      assertEquals("OK", rsp.ask("P7=01000000"));
      served.runTo(rsp, "dispatch");
      assertEquals(0, rsp.memory(unused));
    }
  }

  @Test
  void snapshotsKeepTheirPast() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      int unused = served.address("event_ring") + 200 * 24;
      served.runTo(rsp, "kernel_main");
      assertEquals("OK", rsp.ask("M" + hex(unused) + ",4:01000000"));
      long changed = served.session.status().tick();
      served.runTo(rsp, "dispatch");
      assertTrue(rsp.monitor("snapshot one").startsWith("one: tick "));
      rsp.monitor("back @" + (changed - 100));
      assertEquals("OK", rsp.ask("M" + hex(unused) + ",4:02000000"));
      served.runTo(rsp, "dispatch");
      assertEquals(2, rsp.memory(unused));
      assertTrue(rsp.monitor("snapshot").contains("one "));
      rsp.monitor("restore one");
      assertEquals(1, rsp.memory(unused));
      rsp.go("bs");
      assertEquals(1, rsp.memory(unused));
      rsp.monitor("back @" + (changed - 1));
      assertEquals(0, rsp.memory(unused), "its past, not the other one");
      assertTrue(rsp.go("bc").contains("replaylog:begin"));
    }
  }

  @Test
  void aServiceIsBrokenAndComesBack() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      assertTrue(rsp.monitor("crash store").contains("the kernel has not booted"));
      served.runTo(2_000_000);
      assertEquals(
          "monitor crash SERVICE [KIND]; kinds: "
              + String.join(", ", Dictionary.embedded().names(Kind.CRASH))
              + "\n",
          rsp.monitor("crash"));
      assertTrue(rsp.monitor("crash stor abort").startsWith("error: stor: no such object"));
      assertTrue(rsp.monitor("crash store abrt").startsWith("error: abrt: no such crash"));
      assertTrue(rsp.monitor("crash steady0").startsWith("error: steady0 is not a service"));
      assertTrue(rsp.monitor("crash store abort").startsWith("store will crash"));
      long tick = served.session.status().tick();
      served.runTo(rsp, "recovery_step");
      assertTrue(served.session.status().tick() > tick);
      served.runTo(served.session.status().tick() + 2_000_000);
      String services = rsp.monitor("services");
      assertTrue(services.matches("(?s).*store +active +\\d+ +1 +\\d+  data abort\n.*"), services);
      // it happens again after going back and forward
      rsp.monitor("back @" + tick);
      assertTrue(rsp.monitor("services").matches("(?s).*store +active +\\d+ +0 +\\d+\n.*"));
      served.runTo(rsp, "recovery_step");
      for (String bad :
          List.of("nonsense", "back", "back x", "back @999999999999", "restore none")) {
        assertTrue(rsp.monitor(bad).startsWith("error: "), bad);
      }
      assertTrue(rsp.monitor("help").contains("monitor crash"));
    }
  }

  @Test
  void theEndCanBeGoneBackFrom() throws IOException {
    try (Served served = Served.program(Served.Mode.INTERPRETED, "bench/crc");
        Rsp rsp = served.attach()) {
      int repetitions = served.address("bench_repetitions");
      served.runTo(rsp, "main");
      assertEquals("OK", rsp.ask("M" + hex(repetitions) + ",4:01000000"));
      String stop = rsp.go("vCont;c");
      assertTrue(stop.startsWith("T09"), stop);
      long end = served.session.status().tick();
      assertTrue(rsp.go("bs").startsWith("T05"));
      assertEquals(end - 1, served.session.status().tick());
      assertTrue(rsp.go("vCont;c").startsWith("T09"));
      assertEquals(end, served.session.status().tick());
      assertEquals("OK", rsp.ask("Z0," + served.hex("main") + ",4"));
      assertTrue(rsp.go("bc").contains("swbreak"));
      assertTrue(rsp.go("vCont;c").startsWith("T09"));
      assertEquals("W00", rsp.go("vCont;C09"));
    }
  }

  @Test
  void othersMayLookButNotDrive() throws Exception {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      assertTrue(rsp.ask("?").startsWith("T05"));
      assertThrowsRefusal(() -> served.session.resume());
      assertThrowsRefusal(() -> served.session.runTo(1000));
      assertThrowsRefusal(() ->
          served.session.call(m -> {
            served.session.history().back(0);
            return null;
          }));
      assertEquals(0, served.session.status().tick());
      rsp.send("vCont;c");
      served.awaitTick(100_000);
      served.session.pause(); // anybody may
      assertTrue(rsp.stop().startsWith("T02"));
      assertEquals("OK", rsp.ask("D"));
      served.awaitSaid("detached");
      served.awaitTick(served.session.lastStatus().tick() + 1);
      served.session.pause();
      served.session.runTo(served.session.status().tick() + 10);
    }
  }

  private static void assertThrowsRefusal(Runnable action) {
    SessionException e = Assertions.assertThrows(SessionException.class, action::run);
    assertTrue(e.getMessage().startsWith("gdb drives the machine"), e.getMessage());
  }

  @Test
  void aSecondDebuggerIsRefusedAndALostOneIsNotMissed() throws Exception {
    try (Served served = curios()) {
      try (Rsp first = served.attach()) {
        assertTrue(first.ask("?").startsWith("T05"));
        try (Rsp second = new Rsp(served.server.port())) {
          assertTrue(second.ask("qSupported").startsWith("E.another debugger is attached"));
        }
        first.ask("Z0," + served.hex("dispatch") + ",4");
        first.send("vCont;c");
      }
      served.awaitSaid("the connection was lost; the machine is stopped at tick");
      assertEquals(State.STOPPED, served.session.lastStatus().state());
      try (Rsp third = served.attach()) {
        assertTrue(third.ask("?").startsWith("T05"));
        third.send("vCont;c");
        served.awaitTick(served.session.lastStatus().tick() + 400_000);
        third.raw("\u0003");
        assertTrue(third.stop().startsWith("T02"), "the breakpoints of the lost one are gone");
        assertEquals("OK", third.ask("vKill;1"));
      }
      served.awaitSaid("killed");
      assertTrue(served.killed);
      assertFalse(served.said.stream().anyMatch(l -> l.contains("Exception")));
    }
  }

  @Test
  void aSearchInThePastCanBeInterrupted() throws Exception {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      served.runTo(60_000_000);
      assertEquals("OK", rsp.ask("Z0,fffffff0,4")); // never reached
      long tick = served.session.status().tick();
      rsp.send("bc");
      rsp.raw("\u0003");
      String stop = rsp.stop();
      boolean found = stop.contains("replaylog:begin"); // if it was quicker
      assertTrue(stop.startsWith("T02") || found, stop);
      assertEquals(found ? 0 : tick, served.session.status().tick());
    }
  }
}
