package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Psr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps pass over interrupts, and through waits for them. */
class InterruptsTest {
  private static final int PC = 15;
  private static final int CPSR = 25;
  private static final int NEAR = 60;

  private static int mode(Rsp rsp) throws IOException {
    return rsp.register(CPSR) & Psr.MODE;
  }

  @ParameterizedTest
  @EnumSource
  void aStepPassesOverAnInterrupt(Served.Mode mode) throws IOException {
    try (Served served = Served.program(mode, "tests/interrupts");
        Rsp rsp = served.attach()) {
      String vector = "Z0,18,4";
      assertEquals("OK", rsp.ask(vector));
      assertTrue(rsp.go("vCont;c").contains("swbreak"));
      assertEquals(Psr.IRQ, mode(rsp));
      assertEquals("OK", rsp.ask("z0,18,4"));
      long taken = served.session.status().tick();
      rsp.monitor("back " + NEAR);
      List<String> forward = new ArrayList<>();
      long longest = 0;
      for (int i = 0; i < 2 * NEAR; i++) {
        long tick = served.session.status().tick();
        forward.add(rsp.ask("g").substring(0, 17 * 8));
        assertTrue(rsp.go("vCont;s").startsWith("T05"));
        assertEquals(Psr.SUPERVISOR, mode(rsp), "step " + i);
        longest = Math.max(longest, served.session.status().tick() - tick);
      }
      assertTrue(longest > 20, "one of them was interrupted");
      assertTrue(served.session.status().tick() > taken + longest);
      for (int i = forward.size() - 1; i >= 0; i--) {
        assertTrue(rsp.go("bs").startsWith("T05"));
        assertEquals(forward.get(i), rsp.ask("g").substring(0, 17 * 8), "step back to " + i);
      }
      assertEquals(taken - NEAR, served.session.status().tick());
      // an instruction of the machine may be the handler's
      rsp.monitor("step machine");
      for (int i = 0; i < NEAR; i++) {
        rsp.go("vCont;s");
      }
      assertEquals(Psr.SUPERVISOR, mode(rsp));
      rsp.go("vCont;s");
      assertEquals(Psr.IRQ, mode(rsp));
      rsp.go("bs");
      assertEquals(Psr.SUPERVISOR, mode(rsp));
    }
  }

  @Test
  void aStepEndsAWaitAndAStepBackGoesBehindIt() throws IOException {
    try (Served served = Served.curios(Served.Mode.INTERPRETED, "run=steady0");
        Rsp rsp = served.attach()) {
      long tick = 2_000_000;
      while (!served.session.call(m -> m.cpu().isWaiting())) {
        tick += 10_007;
        served.runTo(tick);
      }
      int waiting = rsp.register(PC);
      assertTrue(rsp.go("vCont;s").startsWith("T05"));
      long woken = served.session.status().tick();
      assertEquals(served.address("interrupt"), rsp.register(PC), "the call after the wait");
      assertTrue(woken > tick, "it has waited");
      assertTrue(rsp.go("bs").startsWith("T05"));
      assertEquals(waiting - 4, rsp.register(PC), "the wait itself");
      assertTrue(served.session.status().tick() < tick);
      assertTrue(rsp.go("vCont;s").startsWith("T05"));
      assertEquals(waiting, rsp.register(PC));
      assertTrue(rsp.go("vCont;s").startsWith("T05"));
      assertEquals(woken, served.session.status().tick(), "as before");
    }
  }
}
