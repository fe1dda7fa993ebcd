package org.curios.campaign.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.report.Comparison;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Propagation;
import org.curios.lab.trial.Propagation.Step;
import org.curios.lab.trial.Propagation.What;

/** Follows the faults of a campaign's trials through the system. */
public final class Explanations {
  /** Ticks for which a difference is followed. */
  private static final long MOST = 2_000_000;

  private final Folder folder;
  private final Program program;

  /** How often differences ended in a way at a place. */
  private final Map<String, Integer> ends = new TreeMap<>();

  private volatile boolean stopped;

  /**
   * Begins with a campaign.
   *
   * @throws LabException when it does not run CuriOS
   */
  public Explanations(Folder folder, Program program) {
    Plan plan = folder.plan();
    if (plan.isForeign() || !plan.peer().isEmpty()) {
      throw new LabException(
          folder.path() + ": only trials of CuriOS without a second machine can be explained");
    }
    this.folder = folder;
    this.program = program;
  }

  /**
   * Returns the trials in which a client saw something else than in the undisturbed run.
   *
   * @param policy only of this policy; null for all
   * @param kind only of this kind; null for all
   * @param service only of this service; null for all
   * @throws LabException when the campaign has no such policy, kind or service
   */
  public List<Row> misses(String policy, String kind, String service) {
    Plan plan = folder.plan();
    mustBeOne("--policy", policy, plan.policies());
    mustBeOne("--kind", kind, plan.faults().stream().map(f -> f.name()).toList());
    List<Row> all = new ArrayList<>();
    Set<String> services = new TreeSet<>();
    folder.read(row -> {
      services.add(row.service());
      if (!Comparison.isGood(row)
          && (policy == null || policy.equals(row.policy()))
          && (kind == null || kind.equals(row.kind()))
          && (service == null || service.equals(row.service()))) {
        all.add(row);
      }
    });
    mustBeOne("--service", service, List.copyOf(services));
    all.sort(
        Comparator.comparingInt((Row r) -> plan.policies().indexOf(r.policy()))
            .thenComparing(Row::service)
            .thenComparing(Row::function)
            .thenComparingLong(Row::trial));
    return all;
  }

  private static void mustBeOne(String what, String name, List<String> names) {
    if (name != null && !names.contains(name)) {
      throw new LabException(what + " " + name + ": the campaign has " + String.join(", ", names));
    }
  }

  /** Explains no further trials. */
  public void stop() {
    stopped = true;
  }

  /** Explains trials, those of a policy together, until it has to stop. */
  public void explain(List<Row> rows, Consumer<Explanation> each) {
    Map<String, List<Row>> byPolicy = new LinkedHashMap<>();
    rows.forEach(r -> byPolicy.computeIfAbsent(r.policy(), p -> new ArrayList<>()).add(r));
    byPolicy.forEach((policy, own) -> {
      Baseline baseline = Baseline.measure(policy, Campaign.workload(folder.plan()));
      try (Propagation propagation = new Propagation(baseline, program)) {
        for (Row row : own) {
          if (stopped) {
            return;
          }
          each.accept(explain(row, propagation));
        }
      }
    });
  }

  private Explanation explain(Row row, Propagation propagation) {
    if (!row.second().isEmpty()) {
      count("two faults");
      return new Explanation(row, List.of(), "two faults cannot be followed");
    }
    try {
      List<Step> steps = propagation.follow(Fault.parse(row.fault()), MOST);
      count(end(steps));
      return new Explanation(row, steps, "");
    } catch (LabException e) {
      count("not followed");
      return new Explanation(row, List.of(), e.getMessage());
    }
  }

  private void count(String end) {
    ends.merge(end, 1, Integer::sum);
  }

  private String end(List<Step> steps) {
    for (Step s : steps) {
      if (s.what() == What.PARTED) {
        String place = program.symbols().describe(s.pc());
        int plus = place.lastIndexOf('+');
        return "other way in " + (plus < 0 ? place : place.substring(0, plus));
      }
    }
    return steps.getLast().what() == What.GONE ? "gone" : "no other way";
  }

  /** Returns where the differences led to another way, most frequent first. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    ends.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, Integer> e) -> -e.getValue())
                .thenComparing(Map.Entry::getKey))
        .forEach(
            e -> text.append(String.format(Locale.ROOT, "%6d  %s%n", e.getValue(), e.getKey())));
    return text.toString();
  }
}
