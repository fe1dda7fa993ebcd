package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.Test;

/** The kernel does not rely on stack pointers that it has set at the boot. */
class ExceptionStacksTest {
  private static final int MOMENTS = 4;

  /** Instructions after a tick of the kernel's clock. */
  private static final int AFTER = 20_000;

  /** Bits within a page, of another page, of another megabyte, and of nothing. */
  private static final int[] BITS = {3, 13, 19, 27, 31};

  @Test
  void aFlippedBitOfAnExceptionModesStackPointerIsWithoutEffect() {
    Baseline baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
    Spans ticks = Moments.entries(baseline, "code_check", MOMENTS);
    try (Trial trial = new Trial(baseline)) {
      for (String register : List.of("r13_irq", "r13_abt", "r13_und")) {
        for (int i = 0; i < MOMENTS; i++) {
          long tick = ticks.tick(ticks.total() * i / MOMENTS) + AFTER;
          for (int bit : BITS) {
            Fault fault = Fault.parse("mode_register/kernel@" + tick + "/" + register + "." + bit);
            Outcome.Word word = trial.run(fault).outcome().word();
            assertTrue(word.isGood(), () -> fault + ": " + word);
          }
        }
      }
    }
  }
}
