package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that nobody calls: forwarders of interrupts, and the one that has files written. */
class LoopsTest {
  private static final int MOMENTS = 6;

  /** Of the registers that hold a handle or the state of the loop, and of the PC. */
  private static final int[] REGISTERS = {4, 5, 6, 12, 15};

  /** Bits of an index and a generation in a handle, of a method, and of places in the code. */
  private static final int[] BITS = {2, 5, 7, 10, 18, 24, 26};

  private static Baseline baseline;

  @BeforeAll
  static void measure() {
    baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
  }

  @Test
  void areAmongTheServicesThatFaultsStrike() {
    assertTrue(baseline.services().containsAll(List.of("uartirq", "netirq", "flush")));
    assertEquals(List.of(), baseline.entries("uartirq"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uartirq", "netirq", "flush"})
  void noFlippedRegisterEndsTheSystem(String service) {
    Spans runs = baseline.methods(service);
    List<String> bad = new ArrayList<>();
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < MOMENTS; i++) {
        long tick = runs.tick(runs.total() * (2 * i + 1) / (2 * MOMENTS));
        for (int register : REGISTERS) {
          for (int bit : BITS) {
            Fault fault =
                Fault.parse("register/" + service + "@" + tick + "/r" + register + "." + bit);
            Outcome.Word word = trial.run(fault).outcome().word();
            if (!word.isGood()) {
              bad.add(fault + ": " + word);
            }
          }
        }
      }
    }
    assertEquals(List.of(), bad);
  }
}
