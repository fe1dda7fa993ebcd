package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.report.Comparison;
import org.curios.campaign.report.Report;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A campaign of every kind of fault: the same rows whatever happens on the way. */
class CampaignTest {
  static final String EVERY_KIND =
      """
      campaign: every kind
      policies: [ssr-packed]
      faults:
        - register
        - {kind: register, bits: 3, services: [store], at: {function: get}}
        - code
        - private
        - ssr
        - crash
        - kernel_register
        - kernel_memory
        - {kind: abort, at: {call: 2}, services: [store, counter]}
        - mutation
        - page_table
        - interrupt
        - device
        - card_block
        - card_error
        - buffer
        - kept
        - mode_register
        - {kind: field, places: [Object.deadline, Ssr.version, state.count], services: [store]}
        - {kind: variable, places: [total], services: [store]}
        - {kind: ssr, stuck: 1, name: stuck state}
        - {kind: crash, then: {kind: register}}
        - {kind: crash, then: {kind: kernel_register, during: recovery}}
      sampling: {trials: 46}
      seed: 3
      """;

  @TempDir static Path temporary;
  private static Path whole;
  private static List<Row> rows;

  static List<Row> rows(Path folder) {
    List<Row> all = new ArrayList<>();
    try (Folder opened = Folder.open(folder)) {
      opened.read(row -> all.add(row.timeless()));
    }
    return all;
  }

  private static void run(Folder folder, int threads, int stopAfter) throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    Campaign[] campaign = new Campaign[1];
    campaign[0] =
        new Campaign(
            folder,
            row -> {
              if (made.incrementAndGet() == stopAfter) {
                campaign[0].stop();
              }
            });
    campaign[0].run(threads);
  }

  @BeforeAll
  static void makeOne() throws InterruptedException {
    whole = temporary.resolve("first-run");
    Plan plan = PlanReader.parse("every.yaml", EVERY_KIND);
    try (Folder folder = Folder.create(whole, plan, Campaign.image())) {
      run(folder, 2, Integer.MAX_VALUE);
      assertEquals(List.of(), folder.missing());
    }
    rows = rows(whole);
  }

  @Test
  void everyTrialIsThereOnce() {
    assertEquals(46, rows.size());
    for (int i = 0; i < 46; i++) {
      assertEquals(i, rows.get(i).trial());
    }
    assertEquals(23, rows.stream().map(Row::kind).distinct().count());
    assertTrue(rows.stream().anyMatch(r -> !r.second().isEmpty()), rows::toString);
  }

  @Test
  void faultsAreTheirTextAndTheTrialIsReproducedFromIt() {
    Baseline baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
    try (Trial trial = Trial.timed(baseline)) {
      for (Row row : rows) {
        List<Fault> faults = new ArrayList<>();
        for (String text : List.of(row.fault(), row.second())) {
          if (!text.isEmpty()) {
            Fault fault = Fault.parse(text);
            assertEquals(text, fault.toString());
            faults.add(fault);
          }
        }
        Trial.Result again = trial.run(faults);
        assertEquals(row.outcome(), again.outcome().word().toString(), row::toString);
        assertEquals(row.endTick(), again.outcome().ticks(), row::toString);
        assertEquals(row.detectedBy(), again.outcome().by(), row::toString);
      }
    }
  }

  private static String pageWithoutHostTime(Path folder) throws IOException {
    try (Folder opened = Folder.open(folder)) {
      String page = Files.readString(Report.of(opened, Campaign.program()).write());
      String timeless = page.replaceFirst("<p class=\"host\">[^<]*</p>", "");
      assertNotEquals(page, timeless);
      return timeless.replace(folder.getFileName().toString(), "FOLDER");
    }
  }

  @Test
  void theSameSeedGivesTheSamePage() throws IOException, InterruptedException {
    Path again = temporary.resolve("the-same-plan");
    Plan plan = PlanReader.parse("every.yaml", EVERY_KIND);
    try (Folder folder = Folder.create(again, plan, Campaign.image())) {
      run(folder, 1, Integer.MAX_VALUE);
    }
    assertEquals(pageWithoutHostTime(whole), pageWithoutHostTime(again));
  }

  @Test
  void interruptionsAndThreadsChangeNoRow() throws InterruptedException {
    Path pieces = temporary.resolve("pieces");
    Plan plan = PlanReader.parse("every.yaml", EVERY_KIND);
    try (Folder folder = Folder.create(pieces, plan, Campaign.image())) {
      run(folder, 1, 5);
      assertFalse(folder.missing().isEmpty());
    }
    try (Folder folder = Folder.open(pieces)) {
      assertEquals(plan.text(), folder.plan().text());
      run(folder, 3, 9);
      run(folder, 1, Integer.MAX_VALUE);
      assertEquals(List.of(), folder.missing());
    }
    assertEquals(rows, rows(pieces));
  }

  @Test
  void anotherSeedGivesOtherFaults() throws InterruptedException {
    Path other = temporary.resolve("other");
    Plan plan =
        PlanReader.parse(
            "other.yaml",
            "faults: [register, crash]\nsampling: {trials: 4, method: uniform}\nseed: 4\n");
    try (Folder folder = Folder.create(other, plan, Campaign.image())) {
      run(folder, 1, Integer.MAX_VALUE);
    }
    assertNotEquals(
        rows.stream().limit(4).map(Row::fault).toList(),
        rows(other).stream().map(Row::fault).toList());
    try (Folder a = Folder.open(whole);
        Folder b = Folder.open(other)) {
      assertThrows(LabException.class, () -> Comparison.of(a, b));
      assertEquals(
          46,
          Comparison.of(a, a)
              .json()
              .getAsJsonObject("policies")
              .getAsJsonObject("ssr-packed")
              .get("pairs")
              .getAsInt());
    }
  }

  @Test
  void duckDbReadsTheFilesAsTheyAre() throws SQLException {
    String files = whole.resolve("trials/*.parquet").toString().replace("'", "''");
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = db.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT trial, outcome, detected, fault FROM '" + files + "' ORDER BY trial")) {
      for (Row row : rows) {
        assertTrue(found.next());
        assertEquals(row.trial(), found.getLong(1));
        assertEquals(row.outcome(), found.getString(2));
        assertEquals(row.detected(), found.getBoolean(3));
        assertEquals(row.fault(), found.getString(4));
      }
      assertFalse(found.next());
    }
  }

  @Test
  void anotherReaderOfParquetReadsThemToo() throws IOException {
    Set<Long> seen = new HashSet<>();
    try (Stream<Path> files = Files.list(whole.resolve("trials"))) {
      for (Path file : files.toList()) {
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file));
            RowReader found = reader.rowReader()) {
          while (found.hasNext()) {
            found.next();
            Row row = rows.get((int) found.getLong("trial"));
            seen.add(row.trial());
            assertEquals(row.fault(), found.getString("fault"));
            assertEquals(row.detectTicks(), found.getLong("detect_ticks"));
            assertEquals(row.resultsRight(), found.getBoolean("results_right"));
          }
        }
      }
    }
    assertEquals(rows.size(), seen.size());
  }

  @Test
  void theReportIsOnePageThatNeedsNothingElse() throws IOException {
    Path file;
    try (Folder folder = Folder.open(whole)) {
      file = Report.of(folder, Campaign.program()).write();
    }
    String html = Files.readString(file);
    assertTrue(html.startsWith("<!DOCTYPE html>"), html);
    for (String none : List.of("<script", "<link", " src=", "http:", "https:", "@import", "url(")) {
      assertFalse(html.contains(none), none);
    }
    for (String part :
        List.of(
            "Outcomes by kind of fault",
            "Outcomes by service",
            "Policies side by side",
            "Failures in the whole fault space",
            "Latencies",
            "The fault space",
            "Outcomes by source line",
            "The worst trials",
            "campaign: every kind")) {
      assertTrue(html.contains(part), part);
    }
    assertEquals(6, html.split("<svg").length - 1);
  }

  /** Whether a fault is survived depends on the image; without recovery none is. */
  @Test
  void theReportSaysHowToReplayTheWorstTrials() throws IOException, InterruptedException {
    String text = "policies: [none]\nfaults: [crash]\nsampling: {trials: 2}\nseed: 1\n";
    Plan plan = PlanReader.parse("lost.yaml", "campaign: lost\n" + text);
    try (Folder folder = Folder.create(temporary.resolve("lost"), plan, Campaign.image())) {
      run(folder, 1, Integer.MAX_VALUE);
      String html = Files.readString(Report.of(folder, Campaign.program()).write());
      assertTrue(html.contains("curios campaign replay lost"), html);
    }
  }
}
