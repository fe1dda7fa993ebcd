package org.curios.campaign.report;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.curios.campaign.result.Row;
import org.curios.campaign.result.Tally;
import org.curios.campaign.stat.Paired;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;

/** Two sets of the same faults, compared trial by trial. */
public final class Comparison {
  private final String first;
  private final String second;
  private final Map<String, Paired> byPolicy = new TreeMap<>();
  private final List<String> changed = new ArrayList<>();
  private int changes;

  /** Maximum lines of trials that end differently. */
  private static final int MOST = 20;

  private Comparison(String first, String second) {
    this.first = first;
    this.second = second;
  }

  /** Returns whether a trial is good: every client saw what it sees undisturbed. */
  public static boolean isGood(Row row) {
    return Tally.word(row).isGood();
  }

  /**
   * Compares two campaigns.
   *
   * @throws LabException when they have no trial in common, or the faults are not the same
   */
  public static Comparison of(Folder a, Folder b) {
    boolean samePlan =
        a.plan().seed() == b.plan().seed()
            && a.plan().isForeign() == b.plan().isForeign()
            && a.plan().clients().equals(b.plan().clients())
            && a.plan().peer().equals(b.plan().peer())
            && a.plan().faults().equals(b.plan().faults());
    if (!samePlan) {
      throw new LabException(
          a.path()
              + " and "
              + b.path()
              + ": clients, faults and seed differ, so that no trial of one is one of the other");
    }
    Comparison all = new Comparison(a.path().toString(), b.path().toString());
    Map<String, Map<Long, Row>> rows = new HashMap<>();
    a.read(row -> rows.computeIfAbsent(row.policy(), p -> new HashMap<>()).put(row.trial(), row));
    boolean onePolicyEach = a.plan().policies().size() == 1 && b.plan().policies().size() == 1;
    b.read(row -> {
      String policy = onePolicyEach ? a.plan().policies().get(0) : row.policy();
      Row other = rows.getOrDefault(policy, Map.of()).get(row.trial());
      if (other != null) {
        all.add(policy, other, row);
      }
    });
    if (all.byPolicy.isEmpty()) {
      throw new LabException(a.path() + " and " + b.path() + ": they have no trial in common");
    }
    return all;
  }

  private void add(String policy, Row a, Row b) {
    String name = a.policy().equals(b.policy()) ? policy : a.policy() + " / " + b.policy();
    byPolicy.put(name, byPolicy.getOrDefault(name, Paired.NONE).with(isGood(a), isGood(b)));
    if (!a.outcome().equals(b.outcome())) {
      changes++;
      if (changed.size() < MOST) {
        changed.add(
            String.format(
                Locale.ROOT,
                "%9d  %-20s %-20s %s",
                a.trial(),
                a.outcome(),
                b.outcome(),
                a.fault()));
      }
    }
  }

  /** Returns it for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "first   %s%nsecond  %s%n%n", first, second));
    text.append(
        String.format(
            Locale.ROOT,
            "%-24s %9s %9s %12s %12s %9s  %s%n",
            "policy",
            "trials",
            "both good",
            "only first",
            "only second",
            "neither",
            "difference"));
    byPolicy.forEach((policy, p) ->
        text.append(
            String.format(
                Locale.ROOT,
                "%-24s %9d %9d %12d %12d %9d  %s%n",
                policy,
                p.pairs(),
                p.both(),
                p.first(),
                p.second(),
                p.neither(),
                verdict(p))));
    text.append(String.format(Locale.ROOT, "%n%d trials end differently%n", changes));
    changed.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** Returns the difference as text. */
  public static String verdict(Paired p) {
    return String.format(
        Locale.ROOT,
        "%+.2f %%, p = %.2g%s",
        100 * p.difference(),
        p.probability(),
        p.isSignificant() ? "" : ", may be chance");
  }

  /** Returns it as JSON. */
  public JsonObject json() {
    JsonObject object = new JsonObject();
    byPolicy.forEach((policy, p) -> {
      JsonObject one = new JsonObject();
      one.addProperty("pairs", p.pairs());
      one.addProperty("both", p.both());
      one.addProperty("only_first", p.first());
      one.addProperty("only_second", p.second());
      one.addProperty("neither", p.neither());
      one.addProperty("p", p.probability());
      object.add(policy, one);
    });
    JsonObject all = new JsonObject();
    all.add("policies", object);
    all.addProperty("different", changes);
    return all;
  }
}
