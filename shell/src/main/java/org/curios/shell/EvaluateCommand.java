package org.curios.shell;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.curios.lab.CallCosts;
import org.curios.lab.LabException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate}: measurements of the operating system. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = "Measure CuriOS from outside, by exact instruction counts.",
    subcommands = {EvaluateCommand.Calls.class, RecoveryCommand.class})
final class EvaluateCommand {
  private static final int FAILED = 1;

  /** At most so much, and what the paper or the unit says. */
  private static final Map<String, String[]> ROWS =
      Map.of(
          "context_switch", new String[] {"150", "context switch, instructions"},
          "call", new String[] {"150", "protected call and return, no SSR (paper: 1594)"},
          "call_ssr_mapped", new String[] {"200", "the same with a mapped SSR (paper: 4893)"},
          "call_ssr_packed_64", new String[] {"260", "the same with a packed SSR of 64 bytes"},
          "recovery_1_client", new String[] {"5000", "fault to the request done again, 1 client"},
          "recovery_per_client", new String[] {"300", "the same, for each further client"},
          "bytes_per_object", new String[] {"4096", "memory of a protected object at rest"},
          "bytes_per_client",
              new String[] {"192", "memory of a client with a packed SSR of 64 bytes"});

  @Command(
      name = "calls",
      mixinStandardHelpOptions = true,
      description = {
        "Instructions of context switches, protected calls and recovery, and bytes of objects and",
        "clients. Counted by stepping the machine: from the svc to the next instruction in user mode,",
        "for the call and for the return; the method itself is not in it."
      })
  static final class Calls implements Callable<Integer> {
    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Override
    public Integer call() {
      Map<String, Long> costs;
      try {
        costs = CallCosts.measure();
      } catch (LabException e) {
        System.err.println("curios: " + e.getMessage());
        return FAILED;
      }
      if (json) {
        StringJoiner fields = new StringJoiner(",", "{", "}");
        costs.forEach((k, v) -> fields.add("\"" + k + "\":" + v));
        System.out.println(fields);
        return 0;
      }
      costs.forEach((k, v) -> {
        String[] row = ROWS.get(k);
        System.out.printf(
            Locale.ROOT,
            "%-20s %6d  at most %5s  %s%n",
            k,
            v,
            row[0],
            (v <= Long.parseLong(row[0]) ? "" : "MISSED  ") + row[1]);
      });
      return 0;
    }
  }
}
