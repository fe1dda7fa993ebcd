package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.lab.LabException;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The policy of trials that goes back to an earlier state of the whole system. */
class SnapshotPolicyTest {
  private static Baseline baseline;
  private static Trial trial;

  @BeforeAll
  static void measure() {
    baseline = Baseline.measure("snapshot", Workload.of("trial"));
    trial = new Trial(baseline);
  }

  @AfterAll
  static void close() {
    trial.close();
  }

  private static Outcome crash(Trial t, Baseline b, String service) {
    long tick = b.methods(service).tick(b.methods(service).total() / 2);
    return t.run(Fault.parse("crash/" + service + "@" + tick + "/abort")).outcome();
  }

  @Test
  void aServiceThatDiesIsThereAgainAndItsClientsGetWhatTheyGetUndisturbed() {
    Outcome outcome = crash(trial, baseline, "store");
    assertTrue(outcome.detected());
    assertTrue(
        outcome.differences().stream().allMatch(d -> d.client().equals("console")),
        outcome.differences().toString());
    assertNotEquals(Outcome.Word.SERVICE_LOST, outcome.word());
    assertNotEquals(Outcome.Word.SYSTEM_LOST, outcome.word());
  }

  @Test
  void underNoneTheSameServiceIsLost() {
    Baseline none = Baseline.measure("none", Workload.of("trial"));
    try (Trial other = new Trial(none)) {
      assertEquals(Outcome.Word.SERVICE_LOST, crash(other, none, "store").word());
    }
  }

  @Test
  void theSameFaultHasTheSameOutcome() {
    assertEquals(crash(trial, baseline, "counter"), crash(trial, baseline, "counter"));
  }

  /** Each generation is checked; a state whose recorded length is 0 has no tag. */
  @Test
  void aStateWithoutContentIsNotConsistent() {
    long tick = baseline.methods("store").tick(baseline.methods("store").total() / 2);
    for (int bit = 2; bit < 10; bit++) {
      String fault = "field/store@%d/Ssr.bytes:trial0#0.%d".formatted(tick, bit);
      assertNotNull(trial.run(Fault.parse(fault)).outcome(), fault);
    }
  }

  @Test
  void otherPoliciesAreRefused() {
    LabException e =
        Assertions.assertThrows(
            LabException.class, () -> Trial.mustBePolicy("--policy", "snapshots"));
    assertTrue(e.getMessage().startsWith("--policy snapshots: no such policy"), e.getMessage());
  }
}
