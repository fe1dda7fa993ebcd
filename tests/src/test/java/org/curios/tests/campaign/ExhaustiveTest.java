package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.report.Report;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.space.DefUse;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flips that do the same are one class, compared with running every one of them. */
class ExhaustiveTest {
  /** Instructions of the window; the long form: {@code -Dcurios.window=100}. */
  private static final int LENGTH = Integer.getInteger("curios.window", 10);

  private static final int LENGTH_OF_MEMORY = Integer.getInteger("curios.window", 5);

  private static final List<Integer> REGISTERS = List.of(0, 1, 3, 5, 12, 13, 14);
  private static final List<Integer> BITS = List.of(2, 30);

  @TempDir Path temporary;

  private static Plan plan(int from, int instructions) {
    return plan("{kind: register, services: [counter]}", from, instructions);
  }

  private static Plan plan(String faults, int from, int instructions) {
    return PlanReader.parse(
        "window.yaml",
        """
        faults: [%s]
        sampling: {method: exhaustive, from: %d, instructions: %d}
        """
            .formatted(faults, from, instructions));
  }

  @Test
  void aClassDoesWhatEachOfItsFlipsDoes() {
    Plan plan = plan(30_000, LENGTH);
    Baseline baseline = Baseline.measure("ssr-packed", Campaign.workload(plan));
    DefUse window = DefUse.of(plan, baseline);
    mustBeWhole(window);
    assertEquals(15L * 32 * LENGTH, window.flips());
    assertTrue(window.runs() < window.flips() * 3 / 4, window.runs() + " of " + window.flips());
    assertTrue(window.overwritten() > 0);
    Map<Fault, Outcome> known = new HashMap<>();
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < LENGTH; i++) {
        long tick = baseline.spans("counter").tick(30_000 + i);
        for (int register : REGISTERS) {
          for (int bit : BITS) {
            Outcome own = trial.run(fault(tick, register, bit)).outcome();
            DefUse.FlipClass flips = of(window, "r" + register, tick);
            if (flips == null) {
              assertEquals(Outcome.Word.UNNOTICED, own.word(), () -> "r" + register + "@" + tick);
            } else {
              Fault one = fault(flips.tick(), register, bit);
              assertEquals(
                  known.computeIfAbsent(one, f -> trial.run(f).outcome()),
                  own,
                  () -> one + " for tick " + tick);
            }
          }
        }
      }
    }
  }

  private static void mustBeWhole(DefUse window) {
    long covered =
        window.classes().stream().mapToLong(c -> (long) window.bits() * c.weight()).sum();
    assertEquals(window.flips(), covered + window.overwritten());
  }

  /** Each byte of the stack before each instruction. */
  @Test
  void aClassOfMemoryDoesWhatEachOfItsFlipsDoes() {
    Baseline baseline = Baseline.measure("ssr-packed", Campaign.workload(plan(0, 1)));
    int from = (int) (baseline.spans("timer").total() * 97 / 100); // what follows is short
    DefUse window = stackOfTimer(baseline, from);
    while (window.overwritten() == 0) { // at the latest where a request begins
      from += LENGTH_OF_MEMORY;
      window = stackOfTimer(baseline, from);
    }
    mustBeWhole(window);
    assertTrue(window.runs() * 2 < window.flips(), window.runs() + " of " + window.flips());
    Map<Fault, Outcome> known = new HashMap<>();
    long flips = 0;
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < LENGTH_OF_MEMORY; i++) {
        long tick = baseline.spans("timer").tick(from + i);
        int sp = trial.look(tick, v -> v.machine().cpu().register(13));
        int top = (sp & 0xfff00000) + 0xc00;
        flips += 8L * (top - sp);
        for (int address = sp; address < top; address++) {
          String place = String.format(Locale.ROOT, "%08x", address);
          int bit = (address + i) % 8;
          Outcome own = trial.run(byteFault(tick, place, bit)).outcome();
          DefUse.FlipClass flip = of(window, place, tick);
          if (flip == null) {
            assertEquals(Outcome.Word.UNNOTICED, own.word(), () -> place + "@" + tick);
          } else {
            Fault one = byteFault(flip.tick(), place, bit);
            Outcome all = known.computeIfAbsent(one, f -> trial.run(f).outcome());
            assertEquals(all, own, () -> one + " for tick " + tick);
          }
        }
      }
    }
    assertEquals(flips, window.flips());
    assertTrue(
        known.values().stream().anyMatch(o -> o.word() != Outcome.Word.UNNOTICED), known::toString);
  }

  private static DefUse stackOfTimer(Baseline baseline, int from) {
    String faults = "{kind: private, services: [timer], places: [stack]}";
    return DefUse.of(plan(faults, from, LENGTH_OF_MEMORY), baseline);
  }

  private static Fault byteFault(long tick, String place, int bit) {
    return new Fault(FaultClass.PRIVATE, "timer", tick, place, bit);
  }

  private static Fault fault(long tick, int register, int bit) {
    return new Fault(FaultClass.REGISTER, "counter", tick, "r" + register, bit);
  }

  private static DefUse.FlipClass of(DefUse window, String place, long tick) {
    return window.classes().stream()
        .filter(c -> c.place().equals(place) && c.from() <= tick && tick <= c.tick())
        .findFirst()
        .orElse(null);
  }

  @Test
  void theReportSaysWhatWasCovered() throws IOException, InterruptedException {
    Path path = temporary.resolve("window");
    Plan plan = Campaign.traced(plan(30_000, 2));
    try (Folder folder = Folder.create(path, plan, Campaign.image())) {
      Campaign[] campaign = new Campaign[1];
      campaign[0] =
          new Campaign(
              folder,
              row -> {
                if (row.trial() == 39) {
                  campaign[0].stop();
                }
              });
      campaign[0].run(1);
    }
    try (Folder folder = Folder.open(path)) {
      assertEquals(plan.sampling(), folder.plan().sampling());
      Path page = Report.of(folder, Campaign.program()).write();
      assertTrue(Files.readString(page).contains("This campaign is exhaustive: of 960 flips"));
    }
    List<Row> rows = CampaignTest.rows(path);
    assertEquals(40, rows.size());
    assertTrue(rows.get(31).fault().endsWith(".31"), rows.get(31)::fault);
    assertTrue(rows.get(32).fault().endsWith(".0"), rows.get(32)::fault);
  }

  @Test
  void aWindowBeyondTheEndIsRefused() {
    Plan plan = plan(2_000_000, 10);
    LabException e = assertThrows(LabException.class, () -> Campaign.traced(plan));
    assertTrue(e.getMessage().contains("the window ends beyond"), e::getMessage);
  }
}
