package org.curios.campaign.report;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.curios.campaign.result.Tally;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Outcome.Word;

/** What a campaign has found so far: as a page, for the terminal, and as JSON. */
public final class Report {
  private static final String FILE = "report.html";

  private final Folder folder;
  private final Program program;
  private final Findings findings;

  private Report(Folder folder, Program program, Findings findings) {
    this.folder = folder;
    this.program = program;
    this.findings = findings;
  }

  /** Reads the trials of a campaign. */
  public static Report of(Folder folder, Program program) {
    Findings findings = new Findings(folder.plan());
    folder.read(findings::add);
    return new Report(folder, program, findings);
  }

  /** Writes the page into the folder of the campaign. */
  public Path write() {
    Path file = folder.path().resolve(FILE);
    try {
      Folder.replace(file, new Page(folder, program, findings).html());
    } catch (IOException e) {
      throw new LabException(file + ": cannot be written: " + e.getMessage(), e);
    }
    return file;
  }

  /** Returns all numbers. */
  public JsonObject json() {
    JsonObject object = findings.tallies.json();
    object.addProperty("complete", folder.missing().isEmpty());
    return object;
  }

  /** Returns tables for the terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    findings.kinds.forEach((policy, kinds) -> {
      text.append(
          String.format(
              Locale.ROOT,
              "%nPolicy %s%n%-22s %7s %9s %9s %8s %7s %7s %7s %7s  %s%n",
              policy,
              "kind",
              "trials",
              "unnoticed",
              "recovered",
              "degraded",
              "silent",
              "service",
              "system",
              "foreign",
              "lossless of those that showed (95 %)"));
      kinds.forEach((kind, t) -> text.append(row(kind, t)));
    });
    return text.append('\n').toString();
  }

  private static String row(String kind, Tally t) {
    Map<String, Long> n = t.numbers();
    return String.format(
        Locale.ROOT,
        "%-22s %7d %9d %9d %8d %7d %7d %7d %7d  %s%n",
        kind,
        t.trials(),
        t.of(Word.UNNOTICED),
        t.of(Word.RECOVERED),
        t.of(Word.DEGRADED),
        t.of(Word.SILENT),
        t.of(Word.SERVICE_LOST),
        t.of(Word.SYSTEM_LOST),
        n.get("foreign_ssr_bytes"),
        t.lossless().text());
  }
}
