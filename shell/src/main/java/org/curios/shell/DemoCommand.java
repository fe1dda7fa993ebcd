package org.curios.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.trial.Demo;
import org.curios.machine.image.ImageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios demo}: every service crashes in every way while thirteen clients work. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Thirteen clients use all services and print their results; one of them works with a second machine",
      "on the network. The workload runs once undisturbed, then twice for each service and each kind of",
      "crash: once with a crash at the entry of a method, once at a random instruction within a method.",
      "Every client, and the second machine, must get and print the same results."
    },
    footer = {"", "Exit status: 0 if all transcripts are the same; 1 if not; 2 bad usage."})
final class DemoCommand implements Callable<Integer> {
  private static final int DIFFERENT = 1;
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  @Option(
      names = "--policy",
      defaultValue = "ssr-packed",
      paramLabel = "NAME",
      completionCandidates = Policies.class,
      description = "Recovery policy: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private String policy;

  @Option(names = "--sd", paramLabel = "FILE", description = CardOption.SHARED)
  private String sd;

  @Option(names = "--json", description = "A JSON object per line.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    try {
      Boot.mustBePolicy("--policy", policy);
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    }
    try (ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      Demo demo = new Demo(policy, CardOption.shared(sd));
      if (!json) {
        System.out.printf(
            "Policy %s. %d clients: %s.%n%n%-8s %-10s %-7s %-27s %12s %8s  %s%n",
            policy,
            demo.clients().size(),
            String.join(", ", demo.clients()),
            "service",
            "crash",
            "strikes",
            "detected by",
            "instructions",
            "us",
            "clients");
      }
      List<Future<Demo.Result>> runs = new ArrayList<>();
      for (String service : Demo.SERVICES) {
        for (String crash : Dictionary.embedded().names(Kind.CRASH)) {
          runs.add(workers.submit(() -> demo.crash(service, crash)));
          runs.add(workers.submit(() -> demo.crashWithin(service, crash)));
        }
      }
      int good = 0;
      for (Future<Demo.Result> run : runs) {
        Demo.Result outcome = run.get();
        show(outcome, demo.clients().size());
        good += outcome.good() ? 1 : 0;
      }
      if (!json) {
        System.out.printf(
            "%n%d of %d crashes left every transcript as in the undisturbed run; half of them struck"
                + " at random instructions.%n",
            good, runs.size());
      }
      return good == runs.size() ? 0 : DIFFERENT;
    } catch (ExecutionException e) {
      System.err.println("curios: " + e.getCause().getMessage());
      return DIFFERENT;
    } catch (ImageException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return DIFFERENT;
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  private static boolean colours() {
    return System.console() != null && System.console().isTerminal();
  }

  private static String detected(Demo.Result o) {
    return o.detected().isEmpty() ? "nothing" : o.detected();
  }

  private void show(Demo.Result o, int clients) {
    if (json) {
      System.out.printf(
          Locale.ROOT,
          "{\"service\":\"%s\",\"crash\":\"%s\",\"within\":%b,\"detected\":\"%s\",\"instructions\":%d,\"us\":%.1f,"
              + "\"differing\":%d,\"ended\":%b}%n",
          o.service(),
          o.crash(),
          o.within(),
          detected(o),
          o.instructions(),
          o.microseconds(),
          o.differing().size(),
          o.ended());
      return;
    }
    String seen =
        o.differing().isEmpty()
            ? "all " + clients + " as undisturbed"
            : "DIFFERENT: " + String.join(", ", o.differing());
    if (!o.ended()) {
      seen += "; the workload hangs";
    }
    if (colours()) {
      seen = (o.good() ? GREEN : RED) + seen + PLAIN;
    }
    System.out.printf(
        Locale.ROOT,
        "%-8s %-10s %-7s %-27s %12s %8s  %s%n",
        o.service(),
        o.crash(),
        o.within() ? "within" : "entry",
        detected(o),
        o.instructions() < 0 ? "-" : Long.toString(o.instructions()),
        o.instructions() < 0 ? "-" : String.format(Locale.ROOT, "%.1f", o.microseconds()),
        seen);
  }
}
