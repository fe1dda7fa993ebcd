package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.space.FaultSpace;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.junit.jupiter.api.Test;

/**
 * Trials that end early, because their fault can have no further effect, have the same outcome as
 * complete ones.
 */
class EarlyEndTest {
  /** Trials; the long form: {@code -Dcurios.early=2000}. */
  private static final int TRIALS = Integer.getInteger("curios.early", 28);

  private static final List<String> POLICIES =
      List.of(System.getProperty("curios.policies", "ssr-packed").split(","));

  private static final List<String> SERVICES =
      List.of("console", "timer", "sched", "store", "counter", "files", "card", "net");

  /** Ticks: 50 virtual milliseconds. */
  private static final long SOON = 10_000_000;

  @Test
  void trialsEndAsThoseThatRunToTheEnd() {
    for (String policy : POLICIES) {
      int early = 0;
      int recoveredEarly = 0;
      Plan plan = PlanReader.quick();
      Baseline baseline = Baseline.measure(policy, Campaign.workload(plan));
      FaultSpace space = new FaultSpace(plan, baseline, Campaign.program());
      try (Trial trial = Trial.timed(baseline);
          Trial whole = Trial.toTheEnd(baseline)) {
        for (int i = 0; i < TRIALS; i++) {
          FaultSpace.Drawn drawn = space.run(trial, i);
          Outcome one = drawn.result().outcome();
          Outcome other = whole.run(drawn.result().faults()).outcome();
          String fault = policy + "/" + drawn.result().fault();
          assertEquals(other.word(), one.word(), fault);
          assertEquals(other.by(), one.by(), fault);
          assertEquals(other.foreign(), one.foreign(), fault);
          assertEquals(other.differences(), one.differences(), fault);
          assertEquals(other.card(), one.card(), fault);
          assertEquals(whole.times(), trial.times(), fault);
          boolean isEarly = one.ticks() < baseline.ticks();
          early += isEarly ? 1 : 0;
          recoveredEarly += isEarly && one.detected() ? 1 : 0;
        }
      }
      System.out.println(
          policy + ": " + early + " of " + TRIALS + " end early, " + recoveredEarly + " detected");
      assertTrue(early > TRIALS / 3, early + " of " + TRIALS + " end early");
    }
  }

  /**
   * After a crash the system returns to the states of the undisturbed run: most trials end soon, at
   * one of them.
   */
  @Test
  void recoveryLeavesNoTrace() {
    Baseline baseline = Baseline.measure("ssr-packed", Workload.trials());
    List<String> late = new ArrayList<>();
    int crashes = 0;
    try (Trial trial = new Trial(baseline)) {
      for (String service : SERVICES) {
        for (double share : new double[] {0.25, 0.6}) {
          Fault crash =
              new Fault(FaultClass.CRASH, service, baseline.runsAt(service, share), "abort", 0);
          Outcome outcome = trial.run(crash).outcome();
          assertEquals(Outcome.Word.RECOVERED, outcome.word(), crash::toString);
          crashes++;
          if (outcome.ticks() - crash.tick() > SOON) {
            late.add(crash.toString());
          }
        }
      }
    }
    assertTrue(late.size() <= crashes / 4, late::toString);
  }

  /** At the end of the undisturbed run nothing is read any more, though a client may be late. */
  @Test
  void lateClientIsWaitedFor() {
    Baseline baseline = Baseline.measure("ssr-twice", Workload.trials());
    try (Trial trial = new Trial(baseline);
        Trial whole = Trial.toTheEnd(baseline)) {
      for (int percent = 60; percent < 100; percent += 5) {
        long tick = baseline.runsAt("timer", percent / 100.0);
        Fault hang = new Fault(FaultClass.CRASH, "timer", tick, "hang", 0);
        Outcome one = trial.run(hang).outcome();
        Outcome other = whole.run(hang).outcome();
        assertEquals(other.word(), one.word(), hang::toString);
        assertEquals(other.differences(), one.differences(), hang::toString);
      }
    }
  }
}
