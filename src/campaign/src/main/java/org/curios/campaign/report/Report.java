package org.curios.campaign.report;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;

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
    Plan plan = folder.plan();
    List<OutcomeColumn> columns = OutcomeColumn.of(plan);
    findings.kinds.forEach((policy, kinds) -> {
      text.append(plan.isForeign() ? "\nImage " + plan.foreign().name() : "\nPolicy " + policy);
      text.append('\n').append(padded("kind"));
      columns.forEach(c -> text.append(' ').append(padded(c.word(), c.width())));
      text.append(
          plan.isForeign() ? "  unnoticed (95 %)\n" : "  lossless of those that showed (95 %)\n");
      kinds.forEach((kind, t) -> {
        text.append(padded(kind));
        columns.forEach(c ->
            text.append(' ').append(padded(Long.toString(c.number().applyAsLong(t)), c.width())));
        text.append("  ").append(OutcomeColumn.share(plan, t).text()).append('\n');
      });
    });
    if (plan.isForeign()) {
      text.append("\nUndisturbed: ").append(plan.foreign().undisturbed().text()).append('\n');
    }
    return text.append('\n').toString();
  }

  private static String padded(String kind) {
    return String.format(Locale.ROOT, "%-22s", kind);
  }

  private static String padded(String cell, int width) {
    return " ".repeat(Math.max(0, width - cell.length())) + cell;
  }
}
