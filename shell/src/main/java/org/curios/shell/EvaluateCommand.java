package org.curios.shell;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.curios.lab.LabException;
import org.curios.lab.measure.CallCosts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate}: measurements of the operating system. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = "Measure CuriOS from outside, with exact instruction counts.",
    subcommands = {
      EvaluateCommand.Calls.class,
      ServicesCommand.class,
      RecoveryCommand.class,
      EnduranceCommand.class,
      OpenCommand.class,
      ProtectionCommand.class,
      CodeCommand.class
    })
final class EvaluateCommand {
  private static final int FAILED = 1;

  /**
   * A row of the table.
   *
   * @param limit the largest allowed value
   * @param text what is measured, and the paper's value
   */
  private record Row(long limit, String text) {}

  private static final Map<String, Row> ROWS =
      Map.ofEntries(
          entry("context_switch", new Row(150, "context switch, instructions")),
          entry("call", new Row(110, "protected call and return, no SSR (paper: 1594)")),
          entry("call_ssr_mapped", new Row(145, "the same with a mapped SSR (paper: 4893)")),
          entry("call_ssr_packed_64", new Row(260, "the same with a packed SSR of 64 bytes")),
          entry("recovery_1_client", new Row(5000, "fault to the repeated request, 1 client")),
          entry("recovery_per_client", new Row(350, "the same, for each further client")),
          entry("bytes_per_object", new Row(4096, "memory of an idle protected object")),
          entry(
              "bytes_per_client", new Row(192, "memory of a client with a packed SSR of 64 bytes")),
          entry("check_private_64", new Row(150, "check of 64 bytes of private data, per call")),
          entry("check_code_1k", new Row(450, "check of a service's code of 1 KiB, per call")),
          entry(
              "check_writes_64", new Row(100, "check that only set() changed 64 bytes, per call")),
          entry("check_limit", new Row(80, "check of one limit of a state, per call")),
          entry(
              "call_ssr_shadowed_512", new Row(3600, "call with an SSR of 512 bytes and its copy")),
          entry("call_ssr_shadowed_1024", new Row(5500, "the same with 1024 bytes")),
          entry("twice_call", new Row(3000, "call under ssr-twice, no SSR")),
          entry(
              "twice_call_ssr_packed_64", new Row(4300, "the same with a packed SSR of 64 bytes")));

  @Command(
      name = "calls",
      mixinStandardHelpOptions = true,
      description = {
        "Instructions of context switches, protected calls and recovery, and bytes of objects and",
        "clients. They are counted by stepping the machine: from the svc to the next instruction in user",
        "mode, for the call and for the return; the method itself is not counted. The rows check_* are the",
        "cost that an optional check adds to a call with a packed SSR of 64 bytes."
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
        Row row = ROWS.get(k);
        System.out.printf(
            Locale.ROOT,
            "%-24s %6d  at most %5d  %s%n",
            k,
            v,
            row.limit,
            (v <= row.limit ? "" : "MISSED  ") + row.text);
      });
      return 0;
    }
  }
}
