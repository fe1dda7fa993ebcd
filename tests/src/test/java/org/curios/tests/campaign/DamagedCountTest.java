package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.Test;

/**
 * The file service counts the edits of a request in the first word of its private memory. A wrong
 * count must not lose an edit, or write one that is none.
 */
class DamagedCountTest {
  private static final int MOMENTS = 4;

  /** Bits of the count: one that is within the array, and one that is far outside. */
  private static final int[] BITS = {0, 1, 10};

  @Test
  void aWrongCountOfEditsIsNoticedBeforeTheCommit() {
    Baseline baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
    Spans entries = Moments.entries(baseline, "files::finish", MOMENTS);
    int noticed = 0;
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < MOMENTS; i++) {
        long tick = entries.tick(entries.total() * i / MOMENTS);
        for (int bit : BITS) {
          Fault fault = new Fault(FaultClass.VARIABLE, "files", tick, "files::work", bit);
          Outcome outcome = trial.run(fault).outcome();
          assertTrue(outcome.word().isGood(), () -> fault + ": " + outcome);
          noticed += outcome.word() == Outcome.Word.RECOVERED ? 1 : 0;
        }
      }
    }
    assertFalse(noticed == 0, "no flip had an effect");
  }
}
