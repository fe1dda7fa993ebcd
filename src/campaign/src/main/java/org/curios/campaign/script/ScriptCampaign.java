package org.curios.campaign.script;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.report.Comparison;
import org.curios.campaign.report.Report;
import org.curios.campaign.result.Columns;
import org.curios.campaign.result.Row;
import org.curios.campaign.result.Tally;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.stat.Paired;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Callback;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;

/**
 * A campaign with its results.
 *
 * @param campaigns where its folder is
 * @param path the folder
 * @param about what was run
 */
@ScriptName(value = "Campaign", doc = "A fault campaign with its results, in a folder.")
public record ScriptCampaign(ScriptCampaigns campaigns, Path path, Plan about) {
  /** Returns its folder. */
  @Property("Its folder.")
  public String folder() {
    return path.toString();
  }

  /** Returns its plan. */
  @Property("Its plan.")
  public ScriptPlan plan() {
    return new ScriptPlan(campaigns, about);
  }

  /** Returns how many trials are there. */
  @Property("Trials that are made, of all policies together.")
  public long made() {
    try (Folder folder = Folder.open(path)) {
      return folder.made();
    }
  }

  /** Returns whether all are there. */
  @Property("Whether all trials have been run.")
  public boolean complete() {
    try (Folder folder = Folder.open(path)) {
      return folder.missing().isEmpty();
    }
  }

  /** Makes the missing trials. */
  @ScriptMethod("Runs the missing trials, as Plan.run does. Returns the campaign.")
  public ScriptCampaign resume(
      @Arg(value = "threads", optional = true) Long threads,
      @Arg(value = "progress", optional = true) Callback progress) {
    new ScriptRun(campaigns.workbench(), threads, progress)
        .run(() -> {
          Folder folder = Folder.open(path);
          if (folder.plan().isForeign()) {
            folder.close();
            throw new LabException(
                path + ": it runs a file as its image, which scripts cannot; use campaign resume");
          }
          Campaign.mustHaveImage(folder);
          return folder;
        });
    return this;
  }

  /** Which trials are meant. */
  private interface Each {
    void take(Row row);
  }

  private void read(String policy, String kind, String service, String outcome, Each each) {
    if (policy != null) {
      mustBePolicy(policy);
    }
    if (kind != null) {
      mustBe("kind", kind, about.faults().stream().map(f -> f.name()).toList());
    }
    String wanted = outcome == null ? null : ScriptTally.word(outcome).toString();
    try (Folder folder = Folder.open(path)) {
      folder.read(row -> {
        if ((policy == null || policy.equals(row.policy()))
            && (kind == null || kind.equals(row.kind()))
            && (service == null || service.equals(row.service()))
            && (wanted == null || wanted.equals(row.outcome()))) {
          each.take(row);
        }
      });
    }
  }

  private void mustBePolicy(String policy) {
    mustBe("policy", policy, about.policies());
  }

  private static void mustBe(String what, String word, List<String> known) {
    if (!known.contains(word)) {
      throw new ScriptException(
          ScriptException.Kind.NAME,
          word
              + ": no such "
              + what
              + " in this campaign"
              + Nearest.hint(word, known)
              + "; there are "
              + String.join(", ", known));
    }
  }

  /** Returns trials. */
  @ScriptMethod(
      "The trials as dictionaries with the columns of the folder's files, all or those of a policy,"
          + " kind, service or outcome; results.table makes a table of them.")
  public List<?> trials(
      @Arg(value = "policy", optional = true) String policy,
      @Arg(value = "kind", optional = true) String kind,
      @Arg(value = "service", optional = true) String service,
      @Arg(value = "outcome", optional = true) String outcome) {
    List<Map<String, Object>> all = new ArrayList<>();
    read(policy, kind, service, outcome, row -> all.add(columns(row)));
    return all;
  }

  private static Map<String, Object> columns(Row row) {
    Map<String, Object> values = new LinkedHashMap<>();
    Object[] cells = Columns.values(row);
    for (int i = 0; i < cells.length; i++) {
      values.put(Columns.all().get(i).name(), cells[i]);
    }
    return values;
  }

  /** Counts outcomes. */
  @ScriptMethod("Counts the outcomes of all trials, or those of a policy, kind or service.")
  public ScriptTally tally(
      @Arg(value = "policy", optional = true) String policy,
      @Arg(value = "kind", optional = true) String kind,
      @Arg(value = "service", optional = true) String service) {
    Tally tally = new Tally();
    read(policy, kind, service, null, tally::add);
    return new ScriptTally(tally);
  }

  /** Compares two policies. */
  @ScriptMethod("Compares two of its policies, fault by fault.")
  public ScriptPairs compare(@Arg("first") String first, @Arg("second") String second) {
    mustBePolicy(first);
    mustBePolicy(second);
    Map<Long, Row> rows = new HashMap<>();
    read(first, null, null, null, row -> rows.put(row.trial(), row));
    List<Paired> pairs = new ArrayList<>(List.of(Paired.NONE));
    read(
        second,
        null,
        null,
        null,
        row -> {
          Row other = rows.get(row.trial());
          if (other != null) {
            pairs.set(0, pairs.get(0).with(Comparison.isGood(other), Comparison.isGood(row)));
          }
        });
    return new ScriptPairs(pairs.get(0));
  }

  /** Writes the report. */
  @ScriptMethod("Writes report.html into the folder. Returns its path.")
  public String report() {
    try (Folder folder = Folder.open(path)) {
      return Report.of(folder, Campaign.program()).write().toString();
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "<campaign %s: %,d of %,d trials>", about.name(), made(), about.rows());
  }
}
