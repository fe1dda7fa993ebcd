package org.curios.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor;
import org.curios.bench.BenchReport.Column;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/** The interpreter alone, without compiled code. */
final class InterpreterSection implements Section {
  private static final String COLUMN = "mips";
  private static final String PREFIX = "interpreted-";

  /** Instructions between two looks at the clock. */
  private static final long STRETCH = 1_000_000;

  private static final double MILLION = 1e6;

  @Override
  public String name() {
    return "interpreter";
  }

  @Override
  public String description() {
    return "million instructions a second of the interpreter alone, in steady state";
  }

  @Override
  public List<String> rows() {
    return Images.names().stream()
        .filter(n -> n.startsWith("bench/"))
        .map(n -> PREFIX + n.substring("bench/".length()))
        .toList();
  }

  @Override
  public boolean needsQemu() {
    return false;
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws InterruptedException {
    report.table(this, description(), List.of(new Column(COLUMN, "MIPS")));
    List<Double> all = new ArrayList<>();
    for (String row : wanted) {
      report.attempt(
          row,
          () -> {
            double[] runs = new double[settings.pairs()];
            for (int i = 0; i < runs.length; i++) {
              report.measuring("%s, run %d of %d".formatted(row, i + 1, runs.length));
              runs[i] = measure(row.substring(PREFIX.length()), settings);
            }
            all.add(Run.median(runs));
            report.row(new BenchRow(name(), row, Map.of(COLUMN, all.getLast())));
          });
    }
    if (all.isEmpty()) {
      return;
    }
    double mean = Math.exp(all.stream().mapToDouble(Math::log).average().orElseThrow());
    report.line("geometric mean", Map.of(COLUMN, mean));
    report.figure("interpreter.mips", mean);
  }

  /** Runs for some seconds; the first half is left to the warm-up of the interpreter itself. */
  private static double measure(String program, Settings settings) throws BenchException {
    double seconds = settings.seconds() / 2;
    LongSupplier clock = settings.clock().ofThread();
    GuestImage image = GuestImage.of("bench/" + program).repeated(Integer.MAX_VALUE);
    try (Machine machine =
        new MachineBuilder()
            .jit(false)
            .console(new PrintStream(OutputStream.nullOutputStream()))
            .build()) {
      machine.load(Image.parse(program, image.elf()));
      runFor(machine, program, seconds, clock);
      long from = machine.cpu().now();
      double took = runFor(machine, program, seconds, clock);
      return (machine.cpu().now() - from) / took / MILLION;
    } catch (ImageException e) {
      throw new BenchException(program + ": " + e.getMessage(), e);
    }
  }

  private static double runFor(Machine machine, String program, double seconds, LongSupplier clock)
      throws BenchException {
    long start = clock.getAsLong();
    double passed;
    do {
      try {
        Executor.Stop stop = machine.run(machine.cpu().now() + STRETCH);
        if (stop != Executor.Stop.TICKS) {
          throw new BenchException(program + " stopped (" + stop + ")");
        }
      } catch (GuestExit e) {
        throw new BenchException(
            program + " ended in the interpreter with status " + e.status(), e);
      }
      passed = (clock.getAsLong() - start) / 1e9;
    } while (passed < seconds);
    return passed;
  }
}
