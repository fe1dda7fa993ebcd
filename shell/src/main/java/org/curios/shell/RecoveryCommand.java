package org.curios.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.Sampling;
import org.curios.campaign.result.Row;
import org.curios.campaign.result.Tally;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.TrialStore;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Outcome.Word;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.curios.machine.image.ImageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate recovery}: random single faults and their outcomes. */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Random single faults, one per trial, while seven clients use the services, the network, files and",
      "typed input. The results of every client, the output on the UART and the states that services keep",
      "for their clients are compared with the undisturbed run."
    },
    footer = {
      "",
      "Classes: register, code, private, ssr, crash, kernel_register, kernel_memory; and the other kinds of",
      "curios campaign but packet. Without --class, faults are of the first seven.",
      "--replay runs a trial again by its identifier. With the same seed, the trials and their",
      "outcomes are the same.",
      "",
      "Exit status: 0 when all trials were run; 1 if not; 2 bad usage; 130 after Ctrl-C."
    })
final class RecoveryCommand implements Callable<Integer> {
  /** Limit for the wait after Ctrl-C for running trials. */
  private static final int PATIENCE_S = 20;

  private volatile Campaign running;
  private final Interruption interruption =
      new Interruption(PATIENCE_S, "the running trials do not end");

  @Option(
      names = "--trials",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Trials per policy, over all classes; default ${DEFAULT-VALUE}.")
  private int trials;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      completionCandidates = TrialPolicies.class,
      description =
          "Recovery policy: ${COMPLETION-CANDIDATES}; can be given several times; default"
              + " ssr-packed.")
  private List<String> policies = List.of("ssr-packed");

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "Class of faults; can be given several times; default see below.")
  private List<String> classes = FaultClass.basic().stream().map(FaultClass::word).toList();

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Service to inject faults into; can be given several times; default all.")
  private List<String> services = List.of();

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Seed for the choice of faults; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--replay",
      paramLabel = "ID",
      description = "Run one trial again and print its details.")
  private String replay;

  @Option(
      names = "--shell",
      description = {
        "With --replay: open the shell at the fault instead;",
        "without a terminal, commands come from standard",
        "input."
      })
  private boolean shell;

  @Option(
      names = {"-c", "--command"},
      paramLabel = "COMMANDS",
      description = {
        "With --replay: run commands of the shell at the fault,",
        "separated by ;. May be repeated."
      })
  private List<String> commands = new ArrayList<>();

  @Option(
      names = "--list",
      description =
          "Print a line, with the identifier, for each trial in which the fault had an effect.")
  private boolean list;

  @Option(names = "--json", description = "One JSON object with the numbers by policy and class.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException, IOException {
    try {
      if (replay == null && (shell || !commands.isEmpty())) {
        throw new LabException((shell ? "--shell" : "-c") + ": only with --replay ID");
      }
      return replay != null ? replay() : evaluate();
    } catch (LabException | ImageException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    }
  }

  private static void check(String option, String word, List<String> known) {
    if (!known.contains(word)) {
      throw new LabException(
          option
              + " "
              + word
              + ": not known"
              + Nearest.hint(word, known)
              + "; there are "
              + String.join(", ", known));
    }
  }

  private int evaluate() throws InterruptedException {
    if (trials < 1) {
      throw new LabException("--trials " + trials + ": give a number above 0");
    }
    policies.forEach(p -> Trial.mustBePolicy("--policy", p));
    classes.forEach(c -> check("--class", c, FaultClass.words()));
    if (classes.contains(FaultClass.PACKET.word())) {
      throw new LabException(
          "--class packet: needs a second machine; use campaign run with a plan that names a peer");
    }
    Map<String, Map<String, Tally>> results = new LinkedHashMap<>();
    interruption.await(this::stop);
    try {
      for (String policy : policies) {
        if (!interruption.happened()) {
          evaluate(policy, results);
        }
      }
      if (json) {
        System.out.println(toJson(results));
      }
      System.out.flush();
    } finally {
      interruption.end();
    }
    return 0;
  }

  private void stop() {
    Campaign evaluation = running;
    if (evaluation != null) {
      evaluation.stop();
    }
  }

  private void evaluate(String policy, Map<String, Map<String, Tally>> results)
      throws InterruptedException {
    Plan plan =
        new Plan(
            "recovery",
            Plan.MIXED,
            "",
            List.of(policy),
            classes.stream()
                .distinct()
                .map(FaultClass::of)
                .map(k -> FaultSet.of(k, k.object() != null ? List.of() : services))
                .toList(),
            new Sampling(Sampling.Method.STRATIFIED, trials, null, 0),
            seed,
            "",
            null);
    Map<String, Tally> tallies = new LinkedHashMap<>();
    plan.faults().forEach(f -> tallies.put(f.name(), new Tally()));
    results.put(policy, tallies);
    AtomicInteger done = new AtomicInteger();
    Campaign evaluation =
        new Campaign(
            TrialStore.none(plan),
            row -> {
              tallies.get(row.kind()).add(row);
              int count = done.incrementAndGet();
              if (list && (Tally.word(row) != Word.UNNOTICED || row.foreignBytes() > 0)) {
                System.out.println(line(row));
              }
              if (Boolean.getBoolean("curios.progress") && count % 16 == 0) {
                System.err.printf("%s: %d of %d trials\r", policy, count, trials);
              }
            });
    running = evaluation;
    if (interruption.happened()) {
      evaluation.stop();
    }
    long start = System.nanoTime();
    evaluation.run(Runtime.getRuntime().availableProcessors());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!json) {
      table(policy, tallies, seconds);
    }
  }

  private static String line(Row row) {
    return row.policy()
        + "/"
        + row.fault()
        + "  "
        + row.outcome()
        + (row.detectedBy().isEmpty() ? "" : ", " + row.detectedBy())
        + (row.foreignBytes() == 0 ? "" : ", " + row.foreignBytes() + " foreign SSR bytes");
  }

  private static void table(String policy, Map<String, Tally> tallies, double seconds) {
    System.out.printf(
        Locale.ROOT,
        "Policy %s%n%-16s %7s %9s %9s %9s %9s %8s %8s %7s %8s  %s%n",
        policy,
        "class",
        "trials",
        "unnoticed",
        "recovered",
        "degraded",
        "silent",
        "service",
        "system",
        "foreign",
        "",
        "lossless of those that showed (95 %)");
    int all = 0;
    for (Map.Entry<String, Tally> e : tallies.entrySet()) {
      Tally t = e.getValue();
      all += t.trials();
      System.out.printf(
          Locale.ROOT,
          "%-16s %7d %9d %9d %9d %9d %8d %8d %7d %8s  %s; of detected %s%n",
          e.getKey(),
          t.trials(),
          t.of(Outcome.Word.UNNOTICED),
          t.of(Outcome.Word.RECOVERED),
          t.of(Outcome.Word.DEGRADED),
          t.of(Outcome.Word.SILENT),
          t.of(Outcome.Word.SERVICE_LOST),
          t.of(Outcome.Word.SYSTEM_LOST),
          t.numbers().get("foreign_ssr_bytes"),
          "",
          t.lossless().text(),
          t.losslessOfDetected().text());
    }
    System.out.printf(
        Locale.ROOT, "%d trials in %.1f s, %.0f a second%n", all, seconds, all / seconds);
  }

  private static String toJson(Map<String, Map<String, Tally>> results) {
    StringJoiner policies = new StringJoiner(",", "{", "}");
    results.forEach((policy, tallies) -> {
      StringJoiner byClass = new StringJoiner(",", "\"" + policy + "\":{", "}");
      tallies.forEach((kind, tally) -> {
        StringJoiner numbers = new StringJoiner(",", "\"" + kind + "\":{", "}");
        tally.numbers().forEach((name, n) -> numbers.add("\"" + name + "\":" + n));
        byClass.add(numbers.toString());
      });
      policies.add(byClass.toString());
    });
    return policies.toString();
  }

  private int replay() throws IOException, ImageException {
    int slash = replay.indexOf('/');
    if (slash < 0) {
      throw new LabException(
          replay
              + ": not a trial; give one as --list prints it: POLICY/CLASS/SERVICE@TICK/PLACE.BIT");
    }
    String policy = replay.substring(0, slash);
    Trial.mustBePolicy("--replay", policy);
    Fault fault = Fault.parse(replay.substring(slash + 1));
    if (shell || !commands.isEmpty()) {
      return ReplayedTrial.of(policy, List.of(fault), Workload.trials()).openShell(commands, true);
    }
    Baseline baseline = Baseline.measure(policy, Workload.trials());
    try (Trial trial = Trial.toTheEnd(baseline)) {
      Trial.Result result = trial.run(fault);
      Outcome o = result.outcome();
      System.out.println("trial      " + policy + "/" + fault);
      System.out.println("outcome    " + o.word());
      System.out.println("detected   " + (o.detected() ? o.by() : "no"));
      System.out.println(
          "struck     " + (o.client().isEmpty() ? "no client's request" : o.client()));
      o.foreign().forEach((s, n) -> System.out.println("foreign    " + n + " bytes of " + s));
      System.out.println(
          "card       " + (o.card().isEmpty() ? "as undisturbed" : "differs, e2fsck: " + o.card()));
      System.out.println("ticks      " + o.ticks());
      o.differences().forEach(d -> System.out.println("different  " + d));
    }
    return 0;
  }
}
