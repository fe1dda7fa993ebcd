package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Propagation;
import org.curios.lab.trial.Propagation.Step;
import org.curios.lab.trial.Propagation.What;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How faults spread, told by the undisturbed run and the one with the fault side by side. */
class ExplainTest {
  private static final long MOST = 1_000_000;
  private static final long SECONDS = 300;
  private static final int TRIALS = 120;

  private static Program program;
  private static Baseline baseline;

  @BeforeAll
  static void measure() {
    program = Campaign.program();
    baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
  }

  /** What is gone without a trace is unnoticed also to a trial, which runs on another machine. */
  @Test
  void whatIsGoneHasNoEffect() {
    Spans runs = Moments.within(baseline, "store", "get", 60);
    int gone = 0;
    int parted = 0;
    try (Propagation propagation = new Propagation(baseline, program);
        Trial trial = new Trial(baseline)) {
      for (int i = 0; i < 60; i++) {
        long tick = runs.tick(runs.total() * i / 60);
        Fault fault = new Fault(FaultClass.REGISTER, "store", tick, "r" + i % 13, i % 32);
        List<Step> steps = propagation.follow(fault, MOST);
        assertEquals(0, steps.getFirst().ticks());
        assertEquals(What.REGISTER, steps.getFirst().what(), fault::toString);
        assertTrue(steps.getFirst().text().startsWith("r" + i % 13 + " is 0x"), steps::toString);
        assertEquals(steps, propagation.follow(fault, MOST), "the same each time");
        boolean isGone = steps.getLast().what() == What.GONE;
        gone += isGone ? 1 : 0;
        parted += steps.stream().anyMatch(s -> s.what() == What.PARTED) ? 1 : 0;
        Outcome outcome = trial.run(fault).outcome();
        assertTrue(
            !isGone || outcome.word() == Outcome.Word.UNNOTICED, () -> fault + ": " + outcome);
      }
    }
    assertNotEquals(0, gone);
    assertNotEquals(0, parted);
  }

  /** The number of a system call is in R12: one wrong bit of it, and another one is made. */
  @Test
  void aWrongCallIsNamed() {
    Spans runs = Moments.within(baseline, "timer", "set", 20);
    try (Propagation propagation = new Propagation(baseline, program);
        Trial trial = new Trial(baseline)) {
      long tick = -1;
      for (long i = 0; tick < 0; i++) {
        long at = runs.tick(i);
        boolean isCall =
            trial.look(
                at,
                v -> {
                  int physical = v.machine().cpu().memory.physical(v.machine().cpu().pc);
                  return v.machine().bus().read(physical, 4) == 0xef000000
                      && v.machine().cpu().register(12) == -29;
                });
        tick = isCall ? at : -1;
      }
      List<Step> steps =
          propagation.follow(new Fault(FaultClass.REGISTER, "timer", tick, "r12", 2), MOST);
      assertEquals("r12 is 0xffffffe7 instead of 0xffffffe3", steps.get(0).text());
      assertEquals(What.CALL, steps.get(1).what());
      assertEquals(0, steps.get(1).ticks());
      assertTrue(
          steps.get(1).text().matches("commit\\(.*\\) instead of asked\\(.*\\)"), steps::toString);
      assertTrue(program.describe(steps.get(1).pc()).startsWith("set+"), steps::toString);
      assertTrue(steps.stream().anyMatch(s -> s.what() == What.PARTED), steps::toString);
    }
  }

  /** A byte of private data is named, and what is not in registers and RAM is refused. */
  @Test
  void memoryIsNamed() {
    long tick = baseline.runsAt("counter", 0.5);
    try (Propagation propagation = new Propagation(baseline, program);
        Trial trial = new Trial(baseline)) {
      int data = trial.look(tick, v -> (int) v.object("counter").descriptor().get("data_start"));
      String place = String.format("%08x", data);
      List<Step> steps =
          propagation.follow(new Fault(FaultClass.PRIVATE, "counter", tick, place, 0), MOST);
      assertEquals(What.STORE, steps.get(0).what());
      assertTrue(steps.get(0).text().startsWith("private data of counter: 0x"), steps::toString);
      LabException e =
          assertThrows(
              LabException.class,
              () -> propagation.follow(Fault.parse("crash/counter@" + tick + "/abort"), MOST));
      assertTrue(e.getMessage().contains("can be followed"), e::getMessage);
    }
  }

  /** The command tells one trial, or all misses of a campaign, also as objects. */
  @Test
  void theCommandTellsTrials(@TempDir Path temporary) throws Exception {
    Path folder = temporary.resolve("campaign");
    String plan =
        """
        clients: trial0
        policies: [restart]
        faults: [register]
        sampling: {trials: %d}
        seed: 5
        """
            .formatted(TRIALS);
    List<Row> rows = new ArrayList<>();
    try (Folder made = Folder.create(folder, PlanReader.parse("p.yaml", plan), Campaign.image())) {
      new Campaign(made, rows::add).run(1);
    }
    List<Row> misses =
        rows.stream().filter(r -> !r.outcome().matches("unnoticed|recovered")).toList();
    assertFalse(misses.isEmpty());
    List<String> lines =
        explain(folder.toString(), "--misses", "--json").expect(0).out().lines().toList();
    assertEquals(misses.size(), lines.size());
    for (String line : lines) {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      long number = object.get("trial").getAsLong();
      Row row = misses.stream().filter(r -> r.trial() == number).findFirst().orElseThrow();
      assertEquals(row.fault(), object.get("fault").getAsString());
      assertEquals(row.outcome(), object.get("outcome").getAsString());
      JsonArray steps = object.getAsJsonArray("steps");
      JsonObject first = steps.get(0).getAsJsonObject();
      boolean isJump = row.fault().contains("/r15.");
      assertEquals(isJump ? "parted" : "register", first.get("what").getAsString());
      assertEquals(row.pc(), first.get("pc").getAsLong());
    }
    Row row = misses.get(0);
    String one = explain(folder.toString(), "" + row.trial()).expect(0).out();
    assertTrue(one.contains(row.fault()), one);
    assertTrue(one.contains("outcome   " + row.outcome()), one);
    String all = explain(folder.toString(), "--misses").expect(0).out();
    assertTrue(all.startsWith(misses.size() + " trials were not lossless:\n"), all);

    explain(folder.toString()).complains("give the number of a trial, or --misses");
    explain(folder.toString(), "--misses", "--kind", "code").complains("the campaign has register");
    explain(folder.toString(), "--misses", "--service", "stor")
        .complains("the campaign has", "store");
    explain(folder.toString(), "1", "--kind", "register").complains("--misses");
    explain(folder.toString(), "" + TRIALS).complains("" + TRIALS);
  }

  private static Curios.Result explain(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("campaign", "explain"));
    all.addAll(List.of(arguments));
    return Curios.end(Curios.start(all.toArray(new String[0])), SECONDS);
  }
}
