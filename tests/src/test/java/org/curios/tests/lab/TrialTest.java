package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Outcome.Word;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trial is one fault, compared with the undisturbed run by what clients kept of it. */
class TrialTest {
  private static final int SP = 13;

  /** Offset of a byte of the state of a client in the driver of the card that lies unchecked. */
  private static final int UNCHECKED = 8;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "register/store@4238114/r0.31",
        "register/store@4238114/cpsr.28",
        "code/console@12/40280031.7",
        "ssr/timer@99/trial1#0.224",
        "crash/sched@1/hang",
        "kernel_register/kernel@5/r15.2",
        "kernel_memory/kernel@5/0001a2b4.0",
        "register/store@4238114/r0.5-7",
        "private/store@9/c0500b0c.3=1",
        "register/store@9/r4.0-3=0",
        "abort/store@9/data",
        "mutation/store@9/40580294:branch",
        "page_table/kernel@9/00024016.3",
        "interrupt/kernel@9/lost:4",
        "field/store@9/Object.deadline.31",
        "field/store@9/state.pairs.key:trial0#0.224",
        "variable/store@9/total.31",
        "packet/board@9/in:loss",
        "packet/board@9/out:bit.137-140",
        "kernel_register/kernel@recovery+120/r0.3"
      })
  void faultsAreTheirText(String text) {
    assertEquals(text, Fault.parse(text).toString());
  }

  /**
   * Faults are drawn from all instructions, also from those that follow a wait: four clients make
   * the same requests, so a service works about equally long for each.
   */
  @Test
  void theFaultSpaceContainsTheRequestsOfAllClients() {
    Baseline baseline = Baseline.measure("ssr-packed", Workload.of("trial"));
    Map<String, Integer> instructions = new TreeMap<>();
    baseline.where((object, client, pc) -> {
      if (object.equals("store")) {
        instructions.merge(client, 1, Integer::sum);
      }
      return false;
    });
    int all = instructions.values().stream().mapToInt(n -> n).sum();
    for (String client : List.of("trial0", "trial1", "trial2", "trial3")) {
      int own = instructions.getOrDefault(client, 0);
      assertTrue(own > all / 6 && own < all / 3, instructions::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "store",
        "regster/store@1/r0.1",
        "register/store@1/r0",
        "crash/store@1/hang.3",
        "register/store@-1/r0.1",
        "register/store@1/r0.7-5",
        "register/store@1/r0.1-9",
        "register/store@1/r0.1=2",
        "abort/store@1/data.0",
        "mutation/store@1/40580294:skip=0",
        "packet/board@1/in:loss.3",
        "packet/board@1/in:bit",
        "packet/board@1/in:bit.3=1",
        "register/store@99999999999999999999/r0.1"
      })
  void whatIsNoFaultIsRefused(String text) {
    assertThrows(LabException.class, () -> Fault.parse(text));
  }

  @Test
  void clientsNoticeWhatARestartLosesAndNothingElse() {
    Baseline restart = Baseline.measure("restart", Workload.trials());
    Baseline packed = Baseline.measure("ssr-packed", Workload.trials());
    try (Trial losing = new Trial(restart);
        Trial keeping = new Trial(packed)) {
      Outcome lost = losing.run(abort(restart)).outcome();
      assertEquals(Word.DEGRADED, lost.word(), lost::toString);
      assertTrue(
          lost.differences().stream().allMatch(d -> d.told() && d.got().equals("LOST")),
          lost::toString);
      Outcome kept = keeping.run(abort(packed)).outcome();
      assertEquals(Word.RECOVERED, kept.word(), kept::toString);
      assertTrue(kept.lossless() && kept.detected(), kept::toString);
      assertEquals("data abort in counter", kept.by());
      assertEquals(0, kept.foreignSsrBytes(), kept::toString);
    }
  }

  /** An abort in the middle of what counter does in the middle of the run. */
  private static Fault abort(Baseline baseline) {
    return new Fault(FaultClass.CRASH, "counter", baseline.runsAt("counter", 0.5), "abort", 0);
  }

  /** The file service calls the card for a client: its state there is part of that request. */
  @Test
  void statesOfServicesOnThePathAreNotForeign() {
    Baseline baseline = Baseline.measure("hot", Workload.trials());
    long tick = baseline.runsAt("card", 0.5);
    try (Trial trial = new Trial(baseline)) {
      Outcome outcome =
          trial
              .run(
                  tick,
                  v -> {
                    Struct frame = v.frame(v.machine().cpu().banked(Psr.SUPERVISOR, SP));
                    assertEquals(
                        List.of("trial5", "files", "card"), v.path(v.threadOf(frame.address())));
                    Struct state = v.struct("Ssr", (int) frame.get("ssr"));
                    String place = String.format("%08x", state.get("address") + UNCHECKED);
                    return new Fault(FaultClass.BUFFER, "card", tick, place, 0);
                  })
              .outcome();
      assertEquals("trial5", outcome.client());
      assertEquals(Map.of(), outcome.foreign());
    }
  }

  @Test
  void aSilentlyWrongValueIsNoDegradation() {
    Baseline baseline = Baseline.measure("hot", Workload.trials());
    try (Trial trial = new Trial(baseline)) {
      // the last additions of the counter's clients lie open and unchecked under this policy
      Outcome outcome =
          trial
              .run(
                  new Fault(
                      FaultClass.SSR,
                      "counter",
                      baseline.runsAt("store", 0.5),
                      "trial0#0",
                      3 * Integer.SIZE + 5))
              .outcome();
      assertEquals(Word.SILENT, outcome.word(), outcome::toString);
      assertFalse(outcome.detected(), outcome::toString);
      assertEquals("trial0", outcome.client());
      assertEquals(
          List.of("trial0"),
          outcome.differences().stream().map(Outcome.Difference::client).toList());
    }
  }

  @Test
  void placesThatAreNotThereAreRefused() {
    Baseline baseline = Baseline.measure("ssr-packed", Workload.trials());
    try (Trial trial = new Trial(baseline)) {
      for (String text :
          List.of(
              "register/store@99999999/r0.1",
              "register/store@400000/r16.1",
              "ssr/store@400000/nobody#0.1",
              "code/store@400000/00000000.1",
              "private/store@400000/zz.1",
              "crash/store@400000/nonsense",
              "abort/store@400000/nonsense",
              "mutation/store@400000/40580000:nonsense",
              "interrupt/kernel@400000/lost:32",
              "field/store@400000/Object.nonsense.0",
              "variable/store@400000/nonsense.0",
              "register/store@400000/r13.0=1",
              "register/store@400000/r0.31-32")) {
        LabException e = assertThrows(LabException.class, () -> trial.run(Fault.parse(text)), text);
        assertFalse(e.getMessage().isEmpty());
      }
    }
  }
}
