package org.curios.campaign.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.result.Row;
import org.curios.campaign.result.Tallies;
import org.curios.campaign.result.Tally;
import org.curios.campaign.stat.Paired;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome.Word;

/** The contents of a report, gathered in one pass over all rows. */
final class Findings {
  private static final int WORST = 10;
  private static final int MOST_POINTS = 4000;
  private static final int MOST_LATENCIES = 100_000;

  final Tallies tallies = new Tallies();

  /** Tallies by policy, then by kind, in the order of the plan. */
  final Map<String, Map<String, Tally>> kinds = new LinkedHashMap<>();

  /** Tallies by policy, then by service. */
  final Map<String, Map<String, Tally>> services = new LinkedHashMap<>();

  /** Failures in the whole fault space, by policy, then by kind. */
  final Map<String, Map<String, Extrapolation>> failures = new LinkedHashMap<>();

  /** Microseconds from fault to detection, by policy. */
  final Map<String, List<Double>> detection = new LinkedHashMap<>();

  /** Microseconds from detection until the service was back, by policy. */
  final Map<String, List<Double>> recovery = new LinkedHashMap<>();

  /** Return codes right or wrong, data right or wrong, by policy. */
  final Map<String, int[][]> matrix = new LinkedHashMap<>();

  /** Tallies by source file and line. */
  final Map<String, Map<Integer, Tally>> lines = new TreeMap<>();

  final List<Row> points = new ArrayList<>();
  final long[] costs = new long[3];
  private final Map<String, Row> worst = new HashMap<>();
  private final List<Row> bad = new ArrayList<>();
  private final Map<String, BitSet> good = new LinkedHashMap<>();
  private final Map<String, BitSet> made = new LinkedHashMap<>();
  private final Map<String, FaultClass> classes = new HashMap<>();
  private final long stride;

  Findings(Plan plan) {
    boolean isExhaustive = plan.sampling().window() != null;
    for (String policy : plan.policies()) {
      Map<String, Tally> own = new LinkedHashMap<>();
      plan.faults().forEach(f -> own.put(f.name(), new Tally()));
      kinds.put(policy, own);
      services.put(policy, new TreeMap<>());
      failures.put(policy, new LinkedHashMap<>());
      plan.faults()
          .forEach(f -> failures.get(policy).put(f.name(), new Extrapolation(isExhaustive)));
      detection.put(policy, new ArrayList<>());
      recovery.put(policy, new ArrayList<>());
      matrix.put(policy, new int[2][2]);
      good.put(policy, new BitSet());
      made.put(policy, new BitSet());
    }
    for (FaultSet f : plan.faults()) {
      classes.put(f.name(), f.kind());
    }
    stride = Math.max(1, plan.sampling().trials() / MOST_POINTS);
  }

  void add(Row row) {
    tallies.add(row);
    kinds.get(row.policy()).get(row.kind()).add(row);
    services.get(row.policy()).computeIfAbsent(row.service(), s -> new Tally()).add(row);
    boolean isGood = Comparison.isGood(row);
    failures.get(row.policy()).get(row.kind()).add(row, !isGood);
    made.get(row.policy()).set((int) row.trial());
    good.get(row.policy()).set((int) row.trial(), isGood);
    addTime(detection.get(row.policy()), row.detectTicks());
    addTime(recovery.get(row.policy()), row.recoverTicks());
    if (Tally.word(row) != Word.SYSTEM_LOST) {
      matrix.get(row.policy())[row.resultsRight() ? 0 : 1][row.dataRight() ? 0 : 1]++;
    }
    costs[0] += row.restoreNs();
    costs[1] += row.simulateNs();
    costs[2] += row.compareNs();
    if (row.line() > 0 && isAtCode(classes.get(row.kind()))) {
      lines
          .computeIfAbsent(row.file(), f -> new TreeMap<>())
          .computeIfAbsent((int) row.line(), n -> new Tally())
          .add(row);
    }
    if (row.policy().equals(kinds.keySet().iterator().next()) && row.trial() % stride == 0) {
      points.add(row);
    }
    if (!isGood || row.foreignBytes() > 0) {
      noteWorst(row);
    }
  }

  private static void addTime(List<Double> times, long ticks) {
    if (ticks >= 0 && times.size() < MOST_LATENCIES) {
      times.add(Math.max(ticks, 1) / 200.0);
    }
  }

  private static boolean isAtCode(FaultClass kind) {
    return switch (kind) {
      case REGISTER, CODE, CRASH, KERNEL_REGISTER, ABORT, MUTATION -> true;
      default -> false;
    };
  }

  private static final Comparator<Row> BADNESS =
      Comparator.<Row>comparingInt(r -> -severity(r))
          .thenComparing(Comparator.comparingLong(r -> -r.foreignBytes()))
          .thenComparing(Row::policy)
          .thenComparingLong(Row::trial);

  private static int severity(Row row) {
    return switch (Tally.word(row)) {
      case UNNOTICED -> 0;
      case RECOVERED -> 1;
      case DEGRADED -> 2;
      case SERVICE_LOST -> 3;
      case SILENT -> 4;
      case SYSTEM_LOST -> 5;
    };
  }

  private void noteWorst(Row row) {
    worst.merge(row.policy() + "/" + row.kind(), row, (a, b) -> BADNESS.compare(a, b) <= 0 ? a : b);
    bad.add(row);
    if (bad.size() > 2 * WORST) {
      bad.sort(BADNESS);
      bad.subList(WORST, bad.size()).clear();
    }
  }

  /** Returns the worst trials: first the worst of each kind under each policy, then others. */
  List<Row> worst() {
    List<Row> all = new ArrayList<>(worst.values());
    all.sort(BADNESS);
    bad.sort(BADNESS);
    for (Row row : bad) {
      if (!all.contains(row)) {
        all.add(row);
      }
    }
    return all.subList(0, Math.min(WORST, all.size()));
  }

  /** Compares two policies by the trials that exist for both. */
  Paired compare(String first, String second) {
    BitSet both = (BitSet) made.get(first).clone();
    both.and(made.get(second));
    Paired paired = Paired.NONE;
    for (int i = both.nextSetBit(0); i >= 0; i = both.nextSetBit(i + 1)) {
      paired = paired.with(good.get(first).get(i), good.get(second).get(i));
    }
    return paired;
  }

  /** Returns the classes of faults by the names of their sets. */
  FaultClass kind(String set) {
    return classes.get(set);
  }
}
