package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.curios.campaign.foreign.ForeignSpace;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.report.Comparison;
import org.curios.campaign.report.Report;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignImage;
import org.curios.lab.foreign.ForeignOutcome;
import org.curios.lab.foreign.ForeignRun;
import org.curios.lab.foreign.ForeignTrial;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.tests.command.RawProgram;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns with images other than CuriOS. */
class ForeignTest {
  /** Trials both ways, at least; the long form: {@code -Dcurios.foreign=2000}. */
  private static final int TRIALS = Integer.getInteger("curios.foreign", 0);

  /** Instructions of the counting program up to its loop, in a round of it, and in all. */
  private static final long LOOP = 5;

  private static final long ROUND = 5;
  private static final long AFTER_LOOP = LOOP + ROUND * 0x4000;
  private static final long END = AFTER_LOOP + 16;

  private static final String EVERY_KIND =
      """
      image: devices.elf
      faults:
        - register
        - code
        - memory
        - mutation
        - abort
        - mode_register
        - interrupt
        - device
        - {kind: memory, bits: 3, stuck: 1}
        - {kind: register, at: {function: main}, name: in main}
        - {kind: abort, then: {kind: register}, name: two}
      sampling: {trials: 110}
      seed: 5
      """;

  @TempDir static Path folder;
  private static Path every;
  private static List<Row> rows;

  /** Counts in a word of memory up to 0x4000, prints {@code ok}, and ends with status 0. */
  private static RawProgram counting() {
    return new RawProgram()
        .constant(5, 0x20000)
        .words(
            0xe3a00000, // 10010: mov r0, #0
            0xe5850000, // 10014: str r0, [r5]
            0xe5950000, // ldr r0, [r5]
            0xe2800001, // add r0, r0, #1
            0xe3500901, // cmp r0, #0x4000
            0x1afffffa) // 10024: bne 10014
        .print("ok\n")
        .exit();
  }

  private static Path plan(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Path run(String name, Path plan, int threads) throws InterruptedException {
    Path into = folder.resolve(name);
    Plan read = Campaign.traced(PlanReader.read(plan));
    try (Folder made = Folder.create(into, read, Campaign.image(read))) {
      new Campaign(made, r -> {}).run(threads);
      assertEquals(List.of(), made.missing());
    }
    return into;
  }

  @BeforeAll
  static void runEveryKind() throws IOException, InterruptedException {
    counting().in(folder);
    for (String name : List.of("devices", "mmu")) {
      Files.write(folder.resolve(name + ".elf"), Images.elf("tests/" + name));
    }
    every = run("every", plan("every.yaml", EVERY_KIND), 2);
    rows = CampaignTest.rows(every);
  }

  private static ForeignRun counted(List<String> memory) {
    ForeignImage image = ForeignImage.read(folder.resolve("guest.bin"));
    return new ForeignRun(image, memory, ForeignRun.measure(image, memory, 0));
  }

  @Test
  void theUndisturbedRunIsKnown() {
    var summary = counted(List.of("0x20000+4")).summary();
    assertEquals(END, summary.ticks());
    assertEquals(0, summary.status());
    assertEquals(3, summary.printed());
    assertEquals(Set.of("0x20000+4"), summary.memory().keySet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "register/image@81939/r1.0 | service lost | exit status 1 instead of exit status 0 | 81941",
        "register/image@81930/r0.0 | silent corruption | output, line 1: \"nk\" instead of \"ok\" | 81941",
        "register/image@1000/r0.31 | system lost | no end within 245,823 instructions | 245823",
        "register/image@1000/r7.3  | unnoticed | '' | 81941",
        "memory/image@1000/00020000.5 | unnoticed | '' | 2000", // overwritten
        "code/image@1000/00010003.5 | unnoticed | '' | 2000", // not executed again
        "abort/image@1000/data | service lost | load from 00000000, where nothing is, by the instruction at 00010014: no handler at vector 0x10 instead of exit status 0 | 1000",
        "mutation/image@1000/00010024:branch | silent corruption | 0x20000+4: 2 of 4 bytes, the first at 00020000: c7 instead of ff | 1021"
      })
  void aKnownFaultHasAKnownOutcome(String fault, String word, String difference, long known) {
    try (ForeignTrial trial = new ForeignTrial(counted(List.of("0x20000+4")), 3, true)) {
      ForeignOutcome o = trial.run(List.of(Fault.parse(fault))).outcome();
      assertEquals(word, o.word().toString());
      assertEquals(difference, o.difference());
      assertEquals(known, o.ticks());
    }
  }

  @Test
  void memoryThatIsNotChosenIsNotCompared() {
    try (ForeignTrial trial = new ForeignTrial(counted(List.of()), 3, true)) {
      Fault fault = Fault.parse("mutation/image@1000/00010024:branch");
      assertEquals("unnoticed", trial.run(List.of(fault)).outcome().word().toString());
    }
  }

  @Test
  void aGuestWithoutAnEndRunsUpToALimit() throws IOException {
    Path file = folder.resolve("endless.bin");
    Files.write(
        file,
        new RawProgram().print("up").words(RawProgram.WAIT_FOR_INTERRUPT, 0xeafffffd).bytes());
    ForeignImage image = ForeignImage.read(file);
    LabException e =
        assertThrows(LabException.class, () -> ForeignRun.measure(image, List.of(), 0));
    assertEquals(
        file
            + ": it does not end within 2,000,000,000 instructions; say where the run ends, as in"
            + " ticks: 20000000",
        e.getMessage());
    ForeignRun run = new ForeignRun(image, List.of(), ForeignRun.measure(image, List.of(), 5000));
    assertEquals(5000, run.ticks());
    assertFalse(run.summary().ends());
    try (ForeignTrial trial = new ForeignTrial(run, 3, true)) {
      ForeignOutcome silent = outcome(trial, "register/image@5/r0.0");
      assertEquals("silent corruption", silent.word().toString(), silent::toString);
      ForeignOutcome lost = outcome(trial, "mutation/image@5/0001001c:skip");
      assertEquals("system lost", lost.word().toString(), lost::toString);
      assertEquals("no more output after 1 of 2 bytes", lost.difference());
      assertEquals("unnoticed", outcome(trial, "register/image@2000/r0.0").word().toString());
    }
  }

  private static ForeignOutcome outcome(ForeignTrial trial, String fault) {
    return trial.run(List.of(Fault.parse(fault))).outcome();
  }

  @Test
  void aGuestThatCrashesUndisturbedIsRefused() throws IOException {
    Path file = folder.resolve("crash.bin");
    Files.write(file, new RawProgram().words(RawProgram.UNDEFINED).bytes());
    ForeignImage image = ForeignImage.read(file);
    LabException e =
        assertThrows(LabException.class, () -> ForeignRun.measure(image, List.of(), 0));
    assertEquals(
        file
            + ": it crashes undisturbed: undefined instruction at 00010000: no handler at vector"
            + " 0x04",
        e.getMessage());
  }

  @Test
  void everyKindOccursAndFaultsAreTheirText() {
    assertEquals(11, rows.stream().map(Row::kind).distinct().count());
    assertEquals(110, rows.size());
    assertTrue(rows.stream().anyMatch(r -> !r.second().isEmpty()));
    for (Row row : rows) {
      assertEquals("none", row.policy());
      assertEquals(row.fault(), Fault.parse(row.fault()).toString());
      String object =
          row.kind().equals("device") || row.kind().equals("interrupt") ? "board" : "image";
      assertEquals(object, row.service(), row::toString);
      assertTrue(!row.kind().contains("main") || row.function().startsWith("main"), row::toString);
    }
    Set<String> words = new HashSet<>(rows.stream().map(Row::outcome).toList());
    assertTrue(
        words.containsAll(Set.of("unnoticed", "silent corruption", "system lost")),
        words::toString);
  }

  @Test
  void threadsChangeNoRow() throws IOException, InterruptedException {
    assertEquals(rows, CampaignTest.rows(run("again", folder.resolve("every.yaml"), 1)));
    try (Folder a = Folder.open(every);
        Folder b = Folder.open(folder.resolve("again"))) {
      var json = Comparison.of(a, b).json();
      assertEquals(0, json.get("different").getAsInt());
    }
  }

  @Test
  void trialsEndAsThoseThatRunToTheEnd() {
    List<ForeignOutcome> outcomes = bothWays(folder.resolve("every.yaml"));
    assertEquals(
        rows.stream().map(Row::outcome).toList(),
        outcomes.stream().limit(rows.size()).map(o -> o.word().toString()).toList());
  }

  @Test
  void theyDoSoWithTheMmuToo() throws IOException {
    bothWays(
        plan(
            "mmu.yaml",
            "image: mmu.elf\nfaults: [register, code, memory]\nsampling: {trials: 30}\n"));
  }

  /** Runs the trials of a plan to where their outcome is known and to the end of the guest. */
  private static List<ForeignOutcome> bothWays(Path file) {
    Plan plan = Campaign.traced(PlanReader.read(file));
    ForeignImage image = ForeignImage.read(plan.foreign().image());
    ForeignRun run = new ForeignRun(image, List.of(), plan.foreign().undisturbed());
    ForeignSpace space = new ForeignSpace(plan, run, Campaign.program(plan));
    List<ForeignOutcome> outcomes = new ArrayList<>();
    int early = 0;
    try (ForeignTrial trial = new ForeignTrial(run, 3, true);
        ForeignTrial whole = new ForeignTrial(run, 3, false)) {
      for (int i = 0; i < Math.max(TRIALS, plan.sampling().trials()); i++) {
        ForeignTrial.Result drawn = space.run(trial, i).result();
        ForeignOutcome one = drawn.outcome();
        ForeignOutcome other = whole.run(drawn.faults()).outcome();
        String fault = drawn.faults().toString();
        assertEquals(other.word(), one.word(), fault);
        assertEquals(other.by(), one.by(), fault);
        assertEquals(other.difference(), one.difference(), fault);
        early += one.ticks() < other.ticks() ? 1 : 0;
        outcomes.add(one);
      }
    }
    assertTrue(early > outcomes.size() / 10, "ended early: " + early);
    return outcomes;
  }

  @Test
  void theReportNeedsNoImageButTheRestDoes() throws IOException, InterruptedException {
    Path image = folder.resolve("other.bin");
    Files.write(image, counting().bytes());
    Path made = run("other", plan("other.yaml", "image: other.bin\nsampling: {trials: 3}\n"), 1);
    Files.write(image, counting().words(0).bytes());
    try (Folder opened = Folder.open(made)) {
      LabException e = assertThrows(LabException.class, () -> Campaign.mustHaveImage(opened));
      assertEquals(
          made + ": it began with another " + image + "; begin a new campaign, or build that one",
          e.getMessage());
    }
    Files.delete(image);
    try (Folder opened = Folder.open(made)) {
      LabException e = assertThrows(LabException.class, () -> Campaign.mustHaveImage(opened));
      assertEquals(image + ": no such file; check the path", e.getMessage());
      Report report = Report.of(opened, Campaign.program());
      String page = Files.readString(report.write());
      assertTrue(page.contains("other.bin, SHA-256"), page);
      assertTrue(page.contains("Undisturbed: 81,941 instructions, exit status 0"), page);
      assertFalse(page.contains("client"), page);
      assertTrue(report.text().contains("Image other.bin"), report::text);
      assertEquals(3, report.json().get("trials").getAsInt());
    }
  }

  @Test
  void aPlanForAnImageSaysWhatItNeeds() throws IOException {
    Plan plan =
        PlanReader.read(
            plan(
                "short.yaml",
                "image: guest.bin\nticks: 1_000\npatience: 5\nmemory: 0x20000+0x10\nsampling: {trials: 1}\n"));
    assertEquals(folder.resolve("guest.bin").toAbsolutePath(), plan.foreign().image());
    assertEquals(1000, plan.foreign().ticks());
    assertEquals(5, plan.foreign().patience());
    assertEquals(List.of("0x20000+0x10"), plan.foreign().memory());
    assertEquals(List.of("none"), plan.policies());
    assertEquals(
        List.of(FaultClass.REGISTER, FaultClass.CODE, FaultClass.MEMORY),
        plan.faults().stream().map(FaultSet::kind).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image: none.elf | 1:8: image: FOLDER/none.elf: no such file; check the path",
        "image: [a, b] | 1:8: image: give one word or line",
        "image: guest.bin~policies: [ssr] | 2:12: policies: ssr: policies are those of CuriOS; leave them out with image",
        "image: guest.bin~clients: trial | 2:10: clients: clients run on CuriOS; leave it out with image",
        "image: guest.bin~peer: peer | 2:7: peer: clients run on CuriOS; leave it out with image",
        "image: guest.bin~faults: [ssr] | 2:10: faults: ssr: it needs CuriOS; for other images there are register, code, memory, mutation, abort, mode_register, interrupt, device",
        "image: guest.bin~faults: [{kind: kept}] | 2:17: kind: kept: it needs CuriOS",
        "image: guest.bin~faults: [memry] | 2:10: faults: memry: not known; did you mean memory?",
        "image: guest.bin~faults: [{kind: code, services: [store]}] | 2:33: services: services are those of CuriOS; the image is one program",
        "image: guest.bin~faults: [{kind: code, at: {call: 3}}] | 2:27: at: calls, clients and services are those of CuriOS; give function or line",
        "image: guest.bin~faults: [{kind: code, at: {service: net, line: 'a:3'}}] | 2:37: service: calls, clients",
        "image: guest.bin~faults: [{kind: code, then: {kind: register, during: recovery}}] | 2:54: during: the kernel of CuriOS recovers",
        "image: guest.bin~faults: [{kind: memory, places: [total]}] | 2:34: places: total: FOLDER/guest.bin has no symbols; give an address and bytes, as in 0x20000+64",
        "image: guest.bin~memory: [0x8000000+4] | 2:10: memory: 0x8000000+4: give 1 to 16777216 bytes of RAM, which ends at 0x8000000",
        "image: mmu.elf~memory: [tiks] | 2:10: memory: tiks: FOLDER/mmu.elf has no such symbol with a size",
        "image: guest.bin~ticks: 0 | 2:8: ticks: 0: give a number from 1",
        "image: guest.bin~patience: 1 | 2:11: patience: 1: give a number from 2 to 100",
        "ticks: 100 | 1:8: ticks: it belongs to a plan with image: FILE",
        "faults: [memory] | 1:10: faults: memory: it strikes other images than CuriOS; name one by image: FILE"
      })
  void whatIsWrongIsSaidWithLineColumnAndReason(String text, String message) throws IOException {
    Path file = plan("p.yaml", text.replace('~', '\n') + "\nsampling: {trials: 5}\n");
    LabException e = assertThrows(LabException.class, () -> PlanReader.read(file));
    String expected = file + ":" + message.replace("FOLDER", folder.toAbsolutePath().toString());
    assertTrue(e.getMessage().startsWith(expected), e::getMessage);
    assertEquals(1, e.getMessage().lines().count(), e::getMessage);
  }

  @Test
  void exhaustiveAndPlansFromTextAreOfCurios() throws IOException {
    Path file =
        plan("e.yaml", "image: guest.bin\nsampling: {method: exhaustive, instructions: 9}\n");
    LabException e = assertThrows(LabException.class, () -> PlanReader.read(file));
    assertEquals(
        file + ":2:11: sampling: exhaustive covers services of CuriOS; leave image out",
        e.getMessage());
    String text = "image: guest.bin\nsampling: {trials: 5}\n";
    e = assertThrows(LabException.class, () -> PlanReader.parse("p.yaml", text));
    assertEquals("p.yaml:1:8: image: only the file of a plan can name an image", e.getMessage());
  }
}
