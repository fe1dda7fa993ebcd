package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a request has written to its client's memory stays there when the request is done again. It
 * must not overwrite the arguments, which are read again: methods that take a path and give a
 * result fault at each of their instructions, also after the result is in the client's memory.
 */
class RepeatedRequestTest {
  private static final int MOST = 120;

  private static Baseline baseline;
  private static Trial trial;

  @BeforeAll
  static void measure() {
    baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
    trial = new Trial(baseline);
  }

  @AfterAll
  static void close() {
    trial.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"look_at", "read_link"})
  void aRequestIsDoneAgainFromItsArguments(String method) {
    Spans runs = Moments.within(baseline, "files", "files::" + method, 1);
    long step = Math.max(1, runs.total() / MOST);
    for (long i = 0; i < runs.total(); i += step) {
      Fault fault = new Fault(FaultClass.ABORT, "files", runs.tick(i), "data", 0);
      Outcome outcome = trial.run(fault).outcome();
      assertEquals(Outcome.Word.RECOVERED, outcome.word(), () -> fault + ": " + outcome);
    }
  }
}
