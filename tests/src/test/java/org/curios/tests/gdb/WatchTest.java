package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Stops of a guest for a debugger, and the debugger's view of them. */
class WatchTest {
  private static final int SP = 13;
  private static final int PC = 15;

  private static Served curios() {
    return Served.curios(Served.Mode.INTERPRETED, "run=steady0");
  }

  private static String hex(int value) {
    return Integer.toHexString(value);
  }

  @Test
  void breakpointsSayWhatTheyAre() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      assertEquals("OK", rsp.ask("Z0," + served.hex("kernel_main") + ",4"));
      assertTrue(rsp.go("vCont;c").contains("swbreak:;"));
      assertEquals(served.address("kernel_main"), rsp.register(PC));
      assertEquals("OK", rsp.ask("Z1," + served.hex("dispatch") + ",4"));
      assertTrue(rsp.go("c").contains("hwbreak:;"));
      assertEquals("OK", rsp.ask("z1," + served.hex("dispatch") + ",4"));
      assertEquals("OK", rsp.ask("z0," + served.hex("kernel_main") + ",4"));
      rsp.send("vCont;c");
      rsp.raw("\u0003");
      assertTrue(rsp.stop().startsWith("T02"), "nothing is left to stop at");
    }
  }

  @Test
  void aWatchStopsBeforeTheAccess() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      String at = served.hex("event_count");
      served.runTo(rsp, "kernel_main");
      assertEquals("OK", rsp.ask("Z2," + at + ",4"));
      String stop = rsp.go("vCont;c");
      assertTrue(stop.contains("watch:" + at + ";"), stop);
      assertEquals(0, rsp.memory(served.address("event_count")));
      long tick = served.session.status().tick();
      assertTrue(rsp.go("vCont;s").startsWith("T05"), "over it");
      assertEquals(tick + 1, served.session.status().tick());
      assertEquals(1, rsp.memory(served.address("event_count")));
      // on the way back it stops after the access, for gdb to step over it
      stop = rsp.go("bc");
      assertTrue(stop.contains("watch:" + at + ";"), stop);
      assertEquals(tick + 1, served.session.status().tick());
      assertTrue(rsp.go("bs").startsWith("T05"));
      assertEquals(0, rsp.memory(served.address("event_count")));
      assertTrue(rsp.go("bc").contains("watch:"), "the start clears it");
      assertTrue(rsp.go("bs").startsWith("T05"));
      assertTrue(rsp.go("bc").contains("replaylog:begin"));
      assertEquals(0, served.session.status().tick());
    }
  }

  @Test
  void aSingleStepOverAWatchedStoreReportsIt() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      rsp.monitor("step machine");
      String at = served.hex("event_count");
      String watch = "watch:" + at + ";";
      served.runTo(rsp, "kernel_main");
      rsp.ask("Z2," + at + ",4");
      rsp.go("vCont;c");
      rsp.ask("z2," + at + ",4");
      long store = served.session.status().tick();
      for (int i = 0; i < 3; i++) {
        rsp.go("vCont;s");
      }
      rsp.ask("Z2," + at + ",4");
      assertFalse(rsp.go("bs").contains("watch:"));
      assertFalse(rsp.go("bs").contains("watch:"));
      String stop = rsp.go("bs");
      assertTrue(stop.contains(watch), stop);
      assertEquals(store + 1, served.session.status().tick(), "after the access");
      assertEquals(stop, rsp.ask("?"), "that stays the reason");
      rsp.ask("z2," + at + ",4");
      assertFalse(rsp.go("bs").contains("watch:"), "gdb steps over it");
      assertEquals(store, served.session.status().tick());
      assertEquals(0, rsp.memory(served.address("event_count")));
      rsp.ask("Z2," + at + ",4");
      stop = rsp.go("vCont;s");
      assertTrue(stop.contains(watch), stop);
      assertEquals(store, served.session.status().tick(), "before the access");
      assertTrue(rsp.go("bs").startsWith("T05"));
      stop = rsp.go("vCont;s");
      assertFalse(stop.contains(watch), stop);
      assertTrue(rsp.go("vCont;s").contains(watch));
    }
  }

  /**
   * A step of a thread passes over the kernel, and over what the kernel does to what is watched.
   */
  @Test
  void aStepBackOverACallReportsWhatWasTouchedWithin() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      served.runTo(rsp, "call_returned");
      rsp.monitor("step thread");
      String client = Rsp.thread(rsp.go("vCont;s"));
      String at = served.hex("current");
      rsp.ask("Z4," + at + ",4");
      rsp.ask("Hc" + client);
      long before = served.session.status().tick();
      String stop = "";
      for (int i = 0; i < 200 && !stop.contains("watch:"); i++) {
        stop = rsp.go("bs");
      }
      assertTrue(stop.contains("awatch:" + at + ";"), stop);
      assertTrue(served.session.status().tick() < before);
    }
  }

  @Test
  void theReasonOfTheLastStopIsKept() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      assertTrue(rsp.ask("?").startsWith("T05"));
      rsp.ask("Z0," + served.hex("kernel_main") + ",4");
      String stop = rsp.go("vCont;c");
      assertTrue(stop.contains("swbreak:;"));
      assertEquals(stop, rsp.ask("?"));
      rsp.ask("z0," + served.hex("kernel_main") + ",4");
      rsp.send("vCont;c");
      rsp.raw("\u0003");
      stop = rsp.stop();
      assertTrue(stop.startsWith("T02"), stop);
      assertEquals(stop, rsp.ask("?"));
      rsp.monitor("back 10");
      assertTrue(rsp.ask("?").startsWith("T05"), "it is at another place");
      rsp.go("bc");
      assertTrue(rsp.ask("?").contains("replaylog:begin;"));
    }
  }

  /** A store of several registers: nothing of it has happened when it is held. */
  @Test
  void aWatchInTheMiddleOfAnInstructionHoldsAllOfIt() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      served.runTo(rsp, "first_difference");
      int sp = rsp.register(SP);
      rsp.go("bs");
      int pc = rsp.register(PC);
      // the next frame to be pushed on the kernel's stack
      byte[] before = served.session.call(m -> bytes(m, sp - 64, 64));
      assertEquals("OK", rsp.ask("Z2," + hex(sp - 12) + ",4"));
      String stop = rsp.go("vCont;c");
      assertTrue(stop.contains("watch:"), stop + " from " + hex(pc));
      assertTrue(java.util.Arrays.equals(before, served.session.call(m -> bytes(m, sp - 64, 64))));
    }
  }

  private static byte[] bytes(org.curios.machine.Machine m, int address, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) m.bus().read(address + i, 1);
    }
    return bytes;
  }

  @Test
  void readsAndAccessesAreWatchedToo() throws IOException {
    try (Served served = curios();
        Rsp rsp = served.attach()) {
      String at = served.hex("policy");
      assertEquals("OK", rsp.ask("Z3," + at + ",4"));
      String stop = rsp.go("vCont;c");
      assertTrue(stop.contains("rwatch:" + at + ";"), stop);
      assertEquals("OK", rsp.ask("z3," + at + ",4"));
      assertEquals("OK", rsp.ask("Z4," + at + ",4"));
      stop = rsp.go("vCont;c");
      assertTrue(stop.contains("awatch:" + at + ";"), stop);
    }
  }
}
