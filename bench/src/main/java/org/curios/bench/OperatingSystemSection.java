package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.curios.bench.BenchReport.Column;
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
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws InterruptedException {
    Peer ours = new OurMachine(settings.seconds());
    calls(wanted.stream().filter(CALLS::containsKey).toList(), ours, settings, report);
    if (wanted.contains(GRANT)) {
      report.attempt(GRANT, () -> grant(ours, settings, report));
    }
    states(wanted.stream().filter(STATES::containsKey).toList(), ours, settings, report);
  }

  private void calls(List<String> wanted, Peer ours, Settings settings, BenchReport report)
      throws InterruptedException {
    if (wanted.isEmpty()) {
      return;
    }
    report.table(
        this,
        "protected calls and returns a second",
        List.of(
            new Column(qemu.name(), "qemu /s"),
            new Column(ours.name(), "curios /s"),
            new Column(BenchRow.RATIO, BenchRow.RATIO),
            new Column("warmup", "warm-up s")));
    List<BenchRow> rows = new ArrayList<>();
    Pairing pairing = new Pairing(List.of(qemu, ours), settings, report);
    GivenUp givenUp = new GivenUp();
    for (String name : wanted) {
      report.attempt(
          name,
          () -> {
            Pairing.Result result =
                pairing.run(
                    name, peer -> job(CALLS.get(name), settings.limit(peer, ours), settings));
            result.runs().get(ours).forEach(givenUp::add);
            Map<String, Double> values = new LinkedHashMap<>();
            values.put(qemu.name(), CALLS_PER_LINE / result.median(qemu, Run::steady));
            values.put(ours.name(), CALLS_PER_LINE / result.median(ours, Run::steady));
            values.put(BenchRow.RATIO, result.ratio(qemu, ours, Run::steady));
            values.put("warmup", result.median(ours, Run::warmUp));
            BenchRow row = new BenchRow(name(), name, values);
            rows.add(row);
            report.row(row);
          });
    }
    if (rows.isEmpty()) {
      return;
    }
    report.figure(
        "os.calls_vs_qemu", rows.stream().mapToDouble(BenchRow::ratio).min().orElseThrow());
    givenUp.report("os.deoptimizations", report);
  }

  /** Events of compiled code in warm runs. */
  private static final class GivenUp {
    private CompilerWork done = CompilerWork.NONE;
    private double calls;

    void add(Run run) {
      done = done.plus(run.compilerWhenWarm());
      calls += run.warmUnits() * CALLS_PER_LINE;
    }

    void report(String figure, BenchReport report) {
      report.figure(figure, (double) done.deoptimizations());
      report.note(
          "Compiled code given up in %.0f million calls after the warm-up: %d times; regions built: %d."
              .formatted(calls / 1e6, done.deoptimizations(), done.regions()));
    }
  }

  /**
   * A call with a mapped state against one without, on our machine, in turn: the difference is the
   * grant and the revoke, with the check of the state's tag.
   */
  private void grant(Peer ours, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    report.table(
        this,
        "nanoseconds for a call without a state and with a mapped one, on our machine",
        List.of(
            new Column(PLAIN, "call ns"),
            new Column(MAPPED, "mapped ns"),
            new Column("difference", "difference")));
    Alternation runs = new Alternation(GRANT, "policy=ssr run=meter4", CALLS_PER_LINE);
    GivenUp givenUp = new GivenUp();
    runs.measure(ours, settings, report).forEach(givenUp::add);
    double difference = runs.median((plain, mapped) -> mapped - plain);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(PLAIN, runs.median((plain, mapped) -> plain));
    values.put(MAPPED, runs.median((plain, mapped) -> mapped));
    values.put("difference", difference);
    report.row(new BenchRow(name(), GRANT, values));
    report.figure("os.grant_revoke_ns", difference);
    givenUp.report("os.grant_deoptimizations", report);
  }

  private void states(List<String> wanted, Peer ours, Settings settings, BenchReport report)
      throws InterruptedException {
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
    List<Double> speeds = new ArrayList<>();
    for (String name : wanted) {
      report.attempt(
          name,
          () -> {
            Alternation runs =
                new Alternation(
                    name, STATES.get(name) + " run=meter5", ACCESSES_PER_WALK * WALKS_PER_LINE);
            runs.measure(ours, settings, report);
            speeds.add(runs.median((own, granted) -> own / granted));
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("private", runs.median((own, granted) -> own));
            values.put("granted", runs.median((own, granted) -> granted));
            values.put("speed", speeds.getLast());
            report.row(new BenchRow(name(), name, values));
          });
    }
    speeds.stream()
        .min(Double::compare)
        .ifPresent(least -> report.figure("os.granted_vs_private", least));
  }

  /**
   * A client whose lines are of two kinds in turn, without a granted state and with one, a
   * millisecond or so each: disturbances of the host affect both alike.
   */
  private static final class Alternation {
    /** Lines of a kind that make a measurement. */
    private static final int LEAST_LINES = 10;

    private final String row;
    private final String arguments;
    private final double perLine;
    private final List<double[]> runs = new ArrayList<>();

    /**
     * Makes an alternation.
     *
     * @param arguments of the client
     * @param perLine operations for each line that it prints
     */
    Alternation(String row, String arguments, double perLine) {
      this.row = row;
      this.arguments = arguments;
      this.perLine = perLine;
    }

    List<Run> measure(Peer ours, Settings settings, BenchReport report)
        throws BenchException, InterruptedException {
      List<Run> done = new ArrayList<>();
      for (int i = 0; i < settings.pairs(); i++) {
        report.measuring("%s, run %d of %d".formatted(row, i + 1, settings.pairs()));
        Run run = ours.run(job(arguments, settings.limit(ours, ours), settings));
        runs.add(new double[] {nanoseconds(run, false), nanoseconds(run, true)});
        done.add(run);
      }
      return done;
    }

    /** Returns the nanoseconds of an operation without or with a granted state. */
    private double nanoseconds(Run run, boolean granted) throws BenchException {
      for (String line : run.lines()) {
        if (!line.endsWith("wrong: 0")) {
          throw new BenchException(row + ": the client has found a wrong result: " + line);
        }
      }
      double[] times =
          IntStream.range(run.steadyFrom(), run.lines().size())
              .filter(i -> run.lines().get(i).contains(" state,") == granted)
              .mapToDouble(i -> run.seconds()[i])
              .toArray();
      if (times.length < LEAST_LINES) {
        throw new BenchException(row + ": the run was too short; give more --seconds");
      }
      return Run.median(times) * NANOSECONDS / perLine;
    }

    /** Returns the median of a figure of each run, made of the nanoseconds without and with. */
    double median(DoubleBinaryOperator figure) {
      return Run.median(runs.stream().mapToDouble(p -> figure.applyAsDouble(p[0], p[1])).toArray());
    }
  }

  private static Job job(String arguments, double limit, Settings settings) {
    return new Job(arguments, Images.curios(arguments), limit, "meter", settings.clock());
  }
}
