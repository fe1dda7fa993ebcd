package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
 * A wrong value in a register of the file service may look like damage of the file system. That
 * must not make it read-only: a second look finds that it is sound.
 */
class WrongFindingTest {
  private static final int MOMENTS = 12;

  /** Of the number of an inode, in R0: no file system has as many. */
  private static final int HIGH_BIT = 30;

  @Test
  void anInodeThatDoesNotExistIsLookedUpAgain() {
    Baseline baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
    Spans entries = Moments.entries(baseline, "files::see_inode", MOMENTS);
    int recovered = 0;
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < MOMENTS; i++) {
        long tick = entries.tick(entries.total() * i / MOMENTS);
        Fault fault = new Fault(FaultClass.REGISTER, "files", tick, "r0", HIGH_BIT);
        Outcome outcome = trial.run(fault).outcome();
        recovered += outcome.word() == Outcome.Word.RECOVERED ? 1 : 0;
        assertTrue(outcome.word().isGood(), () -> fault + ": " + outcome);
      }
    }
    assertNotEquals(0, recovered, "no request was done again");
  }
}
