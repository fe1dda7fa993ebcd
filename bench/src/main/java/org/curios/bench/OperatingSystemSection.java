package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.bench.Report.Column;
import org.curios.kernel.Images;

/**
 * CuriOS itself: protected calls a second, and accesses to granted memory against private memory.
 */
final class OperatingSystemSection implements Section {
  /** A load and a store for each of 14 words, 14 times over, 100 times a walk. */
  private static final double ACCESSES_PER_WALK = 2 * 14 * 14 * 100;

  /** As the lines of the client say. */
  private static final double CALLS_PER_LINE = 5000;

  private static final double WALKS_PER_LINE = 50;

  private static final double NANOSECONDS = 1e9;
  private static final String MAPPED = "call-mapped";
  private static final String PLAIN = "call";
  private static final String GRANT = "grant-revoke";

  /** Protected calls by row: the policy, and the client that makes them. */
  private static final Map<String, String> CALLS = new LinkedHashMap<>();

  /** Kinds of states by row: the policy that grants them. */
  private static final Map<String, String> STATES = new LinkedHashMap<>();

  static {
    CALLS.put(PLAIN, "policy=ssr run=meter0");
    CALLS.put(MAPPED, "policy=ssr run=meter1");
    CALLS.put("call-packed", "policy=ssr-packed run=meter1");
    STATES.put("state-mapped", "policy=ssr");
    STATES.put("state-packed", "policy=ssr-packed");
  }

  private final Peer qemu;

  OperatingSystemSection(Peer qemu) {
    this.qemu = qemu;
  }

  @Override
  public String name() {
    return "os";
  }

  @Override
  public String description() {
    return "CuriOS: protected calls a second, and access to granted states";
  }

  @Override
  public List<String> rows() {
    List<String> rows = new ArrayList<>(CALLS.keySet());
    rows.add(GRANT);
    rows.addAll(STATES.keySet());
    return rows;
  }

  @Override
  public void run(List<String> wanted, Settings settings, Report report)
      throws BenchException, InterruptedException {
    Peer ours = new OurMachine(settings.seconds());
    calls(wanted.stream().filter(CALLS::containsKey).toList(), ours, settings, report);
    if (wanted.contains(GRANT)) {
      grant(ours, settings, report);
    }
    states(wanted.stream().filter(STATES::containsKey).toList(), ours, settings, report);
  }

  private void calls(List<String> wanted, Peer ours, Settings settings, Report report)
      throws BenchException, InterruptedException {
    if (wanted.isEmpty()) {
      return;
    }
    report.table(
        this,
        "protected calls and returns a second",
        List.of(
            new Column(qemu.name(), "qemu /s"),
            new Column(ours.name(), "curios /s"),
            new Column(Row.RATIO, Row.RATIO),
            new Column("warmup", "warm-up s")));
    List<Row> rows = new ArrayList<>();
    Pairing pairing = new Pairing(List.of(qemu, ours), settings, report);
    CompilerWork done = null;
    for (String name : wanted) {
      Pairing.Result result =
          pairing.run(name, peer -> job(CALLS.get(name), settings.limit(peer, ours), settings));
      if (name.equals(MAPPED)) {
        done = result.runs().get(ours).getLast().compiler();
      }
      Map<String, Double> values = new LinkedHashMap<>();
      values.put(qemu.name(), CALLS_PER_LINE / result.median(qemu, Run::steady));
      values.put(ours.name(), CALLS_PER_LINE / result.median(ours, Run::steady));
      values.put(Row.RATIO, result.ratio(qemu, ours, Run::steady));
      values.put("warmup", result.median(ours, Run::warmUp));
      Row row = new Row(name(), name, values);
      rows.add(row);
      report.row(row);
    }
    report.figure("os.calls_vs_qemu", rows.stream().mapToDouble(Row::ratio).min().orElseThrow());
    if (done != null) {
      report.figure("os.deoptimizations", (double) done.deoptimizations());
      report.note(
          "Compiled code given up while states were granted and revoked in steady state: %d times; regions built anew: %d."
              .formatted(done.deoptimizations(), done.regions()));
    }
  }

  /**
   * A call with a mapped state against one without, on our machine, one after the other: the
   * difference is the grant and the revoke, with the check of the state's tag.
   */
  private void grant(Peer ours, Settings settings, Report report)
      throws BenchException, InterruptedException {
    report.table(
        this,
        "nanoseconds for a call without a state and with a mapped one, on our machine",
        List.of(
            new Column(PLAIN, "call ns"),
            new Column(MAPPED, "mapped ns"),
            new Column("difference", "difference")));
    double[] plain = new double[settings.pairs()];
    double[] mapped = new double[settings.pairs()];
    double[] difference = new double[settings.pairs()];
    for (int i = 0; i < settings.pairs(); i++) {
      report.measuring("%s, pair %d of %d".formatted(GRANT, i + 1, settings.pairs()));
      for (int k = 0; k < 2; k++) {
        boolean state = (i + k) % 2 == 0;
        Run run =
            ours.run(job(CALLS.get(state ? MAPPED : PLAIN), settings.limit(ours, ours), settings));
        (state ? mapped : plain)[i] = run.steady() * NANOSECONDS / CALLS_PER_LINE;
      }
      difference[i] = mapped[i] - plain[i];
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(PLAIN, Run.median(plain));
    values.put(MAPPED, Run.median(mapped));
    values.put("difference", Run.median(difference));
    report.row(new Row(name(), GRANT, values));
    report.figure("os.grant_revoke_ns", Run.median(difference));
  }

  private void states(List<String> wanted, Peer ours, Settings settings, Report report)
      throws BenchException, InterruptedException {
    if (wanted.isEmpty()) {
      return;
    }
    report.table(
        this,
        "nanoseconds for an access to a granted state and to private memory, on our machine",
        List.of(
            new Column("private", "private ns"),
            new Column("granted", "granted ns"),
            new Column("speed", "speed")));
    double least = Double.POSITIVE_INFINITY;
    for (String name : wanted) {
      double[] own = new double[settings.pairs()];
      double[] granted = new double[settings.pairs()];
      double[] speed = new double[settings.pairs()];
      for (int i = 0; i < settings.pairs(); i++) {
        report.measuring("%s, pair %d of %d".formatted(name, i + 1, settings.pairs()));
        for (int k = 0; k < 2; k++) {
          boolean state = (i + k) % 2 == 0;
          String arguments = STATES.get(name) + " run=" + (state ? "meter2" : "meter3");
          Run run = ours.run(job(arguments, settings.limit(ours, ours), settings));
          (state ? granted : own)[i] =
              run.steady() * NANOSECONDS / (ACCESSES_PER_WALK * WALKS_PER_LINE);
        }
        speed[i] = own[i] / granted[i];
      }
      least = Math.min(least, Run.median(speed));
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("private", Run.median(own));
      values.put("granted", Run.median(granted));
      values.put("speed", Run.median(speed));
      report.row(new Row(name(), name, values));
    }
    report.figure("os.granted_vs_private", least);
  }

  private static Job job(String arguments, double limit, Settings settings) {
    return new Job(arguments, Images.curios(arguments), limit, "meter", settings.clock());
  }
}
