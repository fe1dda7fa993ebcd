package org.curios.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.trial.Endurance;
import org.curios.lab.trial.Endurance.Result;
import org.curios.lab.trial.Levels;
import org.curios.lab.trial.Levels.Level;
import org.curios.shell.session.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate endurance}: crash after crash of one running system. */
@Command(
    name = "endurance",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Repeated crashes of one running system: every service and every kind of crash in turn,",
      "alternately at the entry of a method and at a random instruction within one, while 13 clients",
      "work. Compares the resources in use and the length of a recovery at the beginning and at the end,",
      "and checks the results of the clients."
    },
    footer = {
      "",
      "It passes if no resource in use has grown from the first thousand crashes after a warm-up to the",
      "last thousand, a recovery takes at most 1.05 times as long, no client got a wrong result or an",
      "error, the console shows each character once, and no service was given up.",
      "",
      "Exit status: 0 if it passes; 1 if not; 2 bad usage; 130 after Ctrl-C."
    })
final class EnduranceCommand implements Callable<Integer> {
  private static final int BROKEN = 1;

  /** Limit for the wait after Ctrl-C for the running crash. */
  private static final int PATIENCE_S = 20;

  private static final String[] KINDS = {
    "frames", "stacks", "handles", "sessions", "threads", "quota"
  };

  @Option(
      names = "--crashes",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Number of crashes; default ${DEFAULT-VALUE}.")
  private int crashes;

  @Option(
      names = "--policy",
      defaultValue = "ssr-packed",
      paramLabel = "NAME",
      completionCandidates = Policies.class,
      description = "Recovery policy: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private String policy;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Seed for the choice of instructions; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  private final Interruption interruption =
      new Interruption(PATIENCE_S, "the current crash does not end");

  @Override
  public Integer call() {
    if (crashes < 1) {
      System.err.println("curios: --crashes " + crashes + ": give a number above 0");
      return Main.USAGE;
    }
    try {
      Boot.mustBePolicy("--policy", policy);
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    }
    try (Endurance endurance = new Endurance(policy, seed)) {
      interruption.await(endurance::stop);
      try {
        Result result = endurance.run(crashes, this::progress);
        System.out.print(json ? toJson(result) : table(result));
        System.out.flush();
        return result.good() ? 0 : BROKEN;
      } finally {
        interruption.end();
      }
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return BROKEN;
    }
  }

  private void progress(int done) {
    if (Boolean.getBoolean("curios.progress") && done % 100 == 0) {
      System.err.printf("%s: %d of %d crashes\r", policy, done, crashes);
    }
  }

  private String table(Result r) {
    StringBuilder out = new StringBuilder();
    line(
        out,
        "Policy %s, seed %d: %d crashes in %.1f s, %.0f a second; %.1f s of the guest's time",
        policy,
        seed,
        r.crashes(),
        r.seconds(),
        r.crashes() / r.seconds(),
        r.virtualSeconds());
    line(
        out,
        "%d at the entry of a method, %d within one; %d restarts, %d runs corrected by another run",
        r.crashes() - r.within(),
        r.within(),
        r.restarts(),
        r.reruns());
    line(out, "");
    line(out, "%-32s %12s %12s", "least in use, all together", "first", "last");
    for (String kind : KINDS) {
      String first = r.first().looks() == 0 ? "-" : Long.toString(r.first().sum(kind));
      line(out, "%-32s %12s %12d", kind, first, r.last().sum(kind));
    }
    if (r.ticksFirst() > 0) {
      line(out, "%-32s %12d %12d", "instructions of a recovery", r.ticksFirst(), r.ticksLast());
    }
    line(out, "");
    for (String what : r.grown()) {
      Level before = r.first().all().getOrDefault(what, new Level(0, 0));
      Level after = r.last().all().get(what);
      line(
          out,
          "GROWN       %s: %d to %d, then %d to %d",
          what,
          before.least(),
          before.most(),
          after.least(),
          after.most());
    }
    if (r.slowdown() > Result.MOST_SLOWDOWN) {
      line(out, "SLOWER      recovery takes %.2f times as long", r.slowdown());
    }
    r.events().forEach((kind, n) -> line(out, "LOST        %d events of the kind %s", n, kind));
    r.said().forEach(s -> line(out, "WRONG       %s", s));
    if (r.complaints() > r.said().size()) {
      line(out, "WRONG       and %d more", r.complaints() - r.said().size());
    }
    r.idle().forEach(c -> line(out, "IDLE        %s did nothing near the end", c));
    r.missed().forEach((what, n) -> line(out, "MISSED      %s: %d", what, n));
    long requests = r.requests().values().stream().mapToLong(Long::longValue).sum();
    line(
        out,
        "%s%s: %d requests of %d clients.",
        r.good() ? "It holds" : "It fails",
        r.crashes() < r.asked() ? " after " + r.crashes() + " of " + r.asked() + " crashes" : "",
        requests,
        r.requests().size());
    return out.toString();
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  private String toJson(Result r) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("policy", policy);
    all.put("seed", seed);
    all.put("crashes", r.crashes());
    all.put("within", r.within());
    all.put("restarts", r.restarts());
    all.put("reruns", r.reruns());
    all.put("missed", r.missed());
    all.put("seconds", r.seconds());
    all.put("virtual_seconds", r.virtualSeconds());
    all.put("recovery_ticks_first", r.ticksFirst());
    all.put("recovery_ticks_last", r.ticksLast());
    all.put("in_use_first", levels(r.first()));
    all.put("in_use_last", levels(r.last()));
    all.put("grown", r.grown());
    all.put("requests", r.requests());
    all.put("lost", r.events());
    all.put("wrong", r.complaints());
    all.put("said", r.said());
    all.put("idle", r.idle());
    all.put("good", r.good());
    return Json.of(all) + System.lineSeparator();
  }

  /** The least and the most of each. */
  private static Map<String, List<Long>> levels(Levels levels) {
    Map<String, List<Long>> all = new LinkedHashMap<>();
    levels.all().forEach((what, level) -> all.put(what, List.of(level.least(), level.most())));
    return all;
  }
}
