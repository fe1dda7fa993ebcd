package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.lab.LabException;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.ClientRecords;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Injector;
import org.junit.jupiter.api.Test;

/** Clients keep the results of their requests, and the number of errors, as data. */
class ClientRecordsTest {
  private static final String CLIENT = "stores0";
  private static final long STEP = 97;
  private static final long LIMIT = 40_000_000;

  private static ClientRecords results(boolean crash) {
    try (Bench bench = new Bench("curios", "restart", CLIENT)) {
      for (boolean struck = !crash; !struck; struck = strike(bench)) {
        bench.go(bench.machine().cpu().now() + STEP);
        assertNull(bench.status(), "the store has never run");
      }
      bench.go(LIMIT);
      assertEquals(0, bench.status(), bench::text);
      return ClientRecords.read(bench.view(), bench.view().object(CLIENT));
    }
  }

  /** Crashes the store if it runs. */
  private static boolean strike(Bench bench) {
    try {
      Injector.strike(bench.view(), Fault.parse("crash/store@1/abort"));
      return true;
    } catch (LabException e) {
      assertTrue(e.getMessage().contains("no such place"), e.getMessage());
      return false;
    }
  }

  @Test
  void errorsAreCounted() {
    ClientRecords right = results(false);
    assertTrue(right.ended() && right.errors() == 0, right::toString);
    ClientRecords wrong = results(true);
    assertTrue(wrong.ended() && wrong.errors() > 0, wrong::toString);
  }
}
