package org.curios.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.curios.kernel.Images;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios bench}: the guest programs on our machine and on qemu-system-arm, side by side. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Time the guest benchmark programs side by side with qemu-system-arm on the same image.",
    footer = {
      "",
      "A row: milliseconds for a unit of work in steady state (median of the second half of a run, median of the",
      "runs), the ratio to QEMU (more than 1 is faster than QEMU), and the warm-up: seconds until a unit takes less",
      "than 1.2 times its steady time.",
      "",
      "curios bench --only shell measures what the shell and top cost the machine behind them."
    })
public final class Main implements Callable<Integer> {
  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Paired runs; default ${DEFAULT-VALUE}.")
  private int pairs;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "Length of a run on QEMU; default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--json", description = "End with one JSON object.")
  private boolean json;

  @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Only these programs.")
  private List<String> only = new ArrayList<>();

  private Main() {}

  /** Runs the benchmarks and ends the process. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler((e, command, result) -> {
              command.getErr().println("curios: " + e.getMessage());
              return 2;
            })
            .execute(arguments));
  }

  /** A row of the table: medians over the pairs. */
  private record Row(String name, double qemu, double ours, double ratio, double warmUp) {}

  @Override
  public Integer call() throws Exception {
    if (only.equals(List.of("shell"))) {
      return ShellBench.run(pairs, seconds, json);
    }
    List<String> programs = programs();
    if (programs.isEmpty()) {
      throw new IllegalArgumentException(
          "no such program: " + String.join(",", only) + "; there are " + all());
    }
    System.out.printf(
        "%-18s %10s %10s %8s %10s%n", "program", "qemu ms", "ours ms", "ratio", "warm-up s");
    List<Row> rows = new ArrayList<>();
    for (String name : programs) {
      Row row = measure(name);
      rows.add(row);
      System.out.printf(
          Locale.ROOT,
          "%-18s %10.3f %10.3f %8.2f %10.2f%n",
          row.name,
          row.qemu,
          row.ours,
          row.ratio,
          row.warmUp);
    }
    double mean =
        Math.exp(rows.stream().mapToDouble(r -> Math.log(r.ratio)).average().orElseThrow());
    double least = rows.stream().mapToDouble(Row::ratio).min().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "%-18s %21s %8.2f%n%-18s %21s %8.2f%n",
        "geometric mean",
        "",
        mean,
        "least",
        "",
        least);
    if (json) {
      System.out.printf(
          Locale.ROOT,
          "{\"programs.geomean_vs_qemu\":%.3f,\"programs.min_vs_qemu\":%.3f}%n",
          mean,
          least);
    }
    return 0;
  }

  private static List<String> all() {
    return Images.text("images.txt")
        .lines()
        .filter(l -> l.startsWith("bench/"))
        .map(l -> l.substring("bench/".length(), l.indexOf(' ')))
        .toList();
  }

  private List<String> programs() {
    return all().stream().filter(n -> only.isEmpty() || only.contains(n)).toList();
  }

  private Row measure(String name) throws Exception {
    byte[] image = Images.elf("bench/" + name);
    double unit = Runs.steady(Runs.qemu(Repetitions.set(image, 40)));
    int repetitions = (int) Math.clamp(seconds / unit, 40, 1_000_000);
    byte[] longer = Repetitions.set(image, repetitions);
    double[] qemu = new double[pairs];
    double[] ours = new double[pairs];
    double[] ratio = new double[pairs];
    double[] warmUp = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      qemu[i] = Runs.steady(Runs.qemu(longer));
      double[] times = Runs.ours(longer);
      ours[i] = Runs.steady(times);
      ratio[i] = qemu[i] / ours[i];
      warmUp[i] = Runs.warmUp(times);
    }
    return new Row(name, 1000 * median(qemu), 1000 * median(ours), median(ratio), median(warmUp));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
