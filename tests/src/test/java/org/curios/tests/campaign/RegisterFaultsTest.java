package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
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
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values in registers, at moments all over a function that once lost what it handled. */
class RegisterFaultsTest {
  private static final int MOMENTS = 150;

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

  /**
   * The console's driver takes a character from the device once, and must let the device interrupt
   * again; a pointer to its input, or the input itself, may be wrong. A commit of the file service
   * in the middle of a request keeps no register: the stack pointer may be wrong.
   */
  @ParameterizedTest
  @CsvSource({
    "console, notify, r2, 4",
    "console, notify, r4, 9",
    "console, notify, r8, 6",
    "console, notify, r8, 17",
    "files, files::checkpoint, r13, 3",
    "files, files::checkpoint, r13, 10"
  })
  void endNoClient(String service, String function, String register, int bit) {
    Spans runs = Moments.within(baseline, service, function, MOMENTS);
    int recovered = 0;
    for (int i = 0; i < MOMENTS; i++) {
      long tick = runs.tick(runs.total() * i / MOMENTS);
      Fault fault = new Fault(FaultClass.REGISTER, service, tick, register, bit);
      Outcome outcome = trial.run(fault).outcome();
      recovered += outcome.word() == Outcome.Word.RECOVERED ? 1 : 0;
      assertTrue(
          Set.of(Outcome.Word.RECOVERED, Outcome.Word.UNNOTICED, Outcome.Word.SILENT)
              .contains(outcome.word()),
          () -> fault + ": " + outcome);
    }
    assertNotEquals(0, recovered, "no fault had an effect that was noticed");
  }
}
