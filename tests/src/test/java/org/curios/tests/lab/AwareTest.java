package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.curios.kernel.Images;
import org.curios.lab.measure.RecoveryCode;
import org.curios.lab.measure.RecoveryCode.Group;
import org.curios.lab.measure.RecoveryCode.Part;
import org.curios.lab.program.Symbols;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Outcome.Difference;
import org.curios.lab.trial.Outcome.Word;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policy {@code aware}: clients bring back what a service has lost, if they can. */
class AwareTest {
  private static Baseline baseline;
  private static Trial trial;

  @BeforeAll
  static void measure() {
    baseline = Baseline.measure("aware", Workload.trials());
    trial = new Trial(baseline);
  }

  @AfterAll
  static void close() {
    trial.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"names", "timer", "sched", "store", "counter", "files", "card", "net"})
  void clientsBringBackWhatAServiceHasLost(String service) {
    for (double share : List.of(0.4, 0.6, 0.8, 0.95)) {
      for (String kind : List.of("abort", "hang")) {
        Fault fault =
            new Fault(FaultClass.CRASH, service, baseline.runsAt(service, share), kind, 0);
        Outcome outcome = trial.run(fault).outcome();
        assertEquals(Word.RECOVERED, outcome.word(), () -> fault + ": " + outcome);
      }
    }
  }

  /** A client cannot know how much of its line had left the system, and writes it again. */
  @Test
  void aLineThatWasBeingWrittenAppearsTwiceInPart() {
    Spans writes =
        baseline.where((object, client, pc) -> object.equals("console") && client.equals("trial0"));
    long second = writes.tick(writes.total() / 6); // half of the first of three lines is sent
    Outcome outcome =
        trial.run(new Fault(FaultClass.ABORT, "console", second, "data", 0)).outcome();
    assertEquals(Word.SILENT, outcome.word(), outcome::toString);
    assertEquals("trial0", outcome.client());
    Difference line = outcome.differences().get(0);
    assertTrue(line.expected().startsWith("trial0: round 0, "), outcome::toString);
    assertEquals("trial0: round 0," + line.expected(), line.got(), outcome::toString);
  }

  /** What the console had not yet passed on was in no client's memory. */
  @Test
  void whatWasBeingTypedIsLost() {
    long typed = Workload.trials().input().get(1).tick();
    long second =
        baseline.entries("console").stream().filter(t -> t >= typed).findFirst().orElseThrow();
    Outcome outcome =
        trial.run(new Fault(FaultClass.CRASH, "console", second, "abort", 0)).outcome();
    assertEquals(Word.SILENT, outcome.word(), outcome::toString);
    Difference read = outcome.differences().get(0);
    assertEquals("typist0", read.client(), outcome::toString);
    assertEquals("console", read.service(), outcome::toString);
  }

  /** The sizes by source file are those of the symbols in the layer's namespace. */
  @Test
  void theLayersCodeIsCounted() throws Exception {
    List<Part> parts = RecoveryCode.measure();
    for (Group group : Group.values()) {
      List<Part> of = parts.stream().filter(p -> p.group() == group).toList();
      assertTrue(
          !of.isEmpty() && of.stream().allMatch(p -> p.lines() > 0 && p.bytes() > 0),
          group::toString);
    }
    assertEquals(
        List.of("clients/aware.cc", "clients/aware_files.cc", "clients/aware_net.cc"),
        parts.stream()
            .filter(p -> p.group() == Group.LAYER)
            .map(Part::name)
            .collect(Collectors.toList()));
    int named =
        Image.parse("curios", Images.curios("")).symbols().stream()
            .filter(s -> Symbols.readable(s.name()).matches("aware::(FilesLog|Sockets)::.*"))
            .mapToInt(Image.Symbol::size)
            .sum();
    int counted =
        parts.stream()
            .filter(p -> p.group() == Group.LAYER && !p.name().equals("clients/aware.cc"))
            .mapToInt(Part::bytes)
            .sum();
    assertTrue(
        named > 0 && named <= counted && counted - named < counted / 10,
        () -> named + " bytes by name, " + counted + " by file");
  }
}
