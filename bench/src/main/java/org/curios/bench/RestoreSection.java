package org.curios.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.curios.bench.BenchReport.Column;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.Workload;
import org.curios.machine.Machine;
import org.curios.machine.snapshot.Snapshot;

/**
 * What it costs to restore a snapshot in place, as each trial of a campaign does: with a given
 * number of granules that have changed since, and from one moment of the workload of trials to
 * another.
 */
final class RestoreSection implements Section {
  private static final String COLUMN = "us";
  private static final String PREFIX = "restore-";
  private static final String FAR = PREFIX + "far";
  private static final List<Integer> GRANULES = List.of(0, 200, 2000);
  private static final long FIRST = 4_000_000;
  private static final long STEP = 50_000;
  private static final int MOMENTS = 40;

  /** Granules that the guest does not use begin here; every other one is changed. */
  private static final int MEMORY = 16 << 20;

  private static final int APART = 2048;

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String description() {
    return "microseconds to restore a snapshot in place, by the number of changed granules";
  }

  @Override
  public List<String> rows() {
    List<String> all = new ArrayList<>(GRANULES.stream().map(n -> PREFIX + n).toList());
    all.add(FAR);
    return all;
  }

  @Override
  public boolean needsQemu() {
    return false;
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws InterruptedException {
    report.table(this, description(), List.of(new Column(COLUMN, "us")));
    for (String row : wanted) {
      report.attempt(
          row,
          () -> {
            double[] runs = new double[settings.pairs()];
            for (int i = 0; i < runs.length; i++) {
              report.measuring("%s, run %d of %d".formatted(row, i + 1, runs.length));
              runs[i] = measure(row, settings);
            }
            double median = Run.median(runs);
            report.row(new BenchRow(name(), row, Map.of(COLUMN, median)));
            report.figure(row.replace('-', '.'), median);
          });
    }
  }

  /** Restores for some seconds; returns the median of the second half. */
  private static double measure(String row, Settings settings) {
    LongSupplier clock = settings.clock().ofThread();
    try (Bench bench = new Bench("curios", "ssr-packed", Workload.trials().run())) {
      Machine machine = bench.machine();
      List<Snapshot> moments = new ArrayList<>();
      for (int i = 0; i < MOMENTS; i++) {
        bench.go(FIRST + i * STEP);
        moments.add(machine.snapshot());
        moments.getLast().makeIndex();
      }
      int granules = row.equals(FAR) ? 0 : Integer.parseInt(row.substring(PREFIX.length()));
      List<Double> took = new ArrayList<>();
      long end = clock.getAsLong() + (long) (settings.seconds() * 1e9);
      for (int i = 0; clock.getAsLong() < end; i++) {
        int value = i;
        IntStream.range(0, granules)
            .forEach(g -> machine.cpu().memory.patch(MEMORY + g * APART, value));
        Snapshot to = row.equals(FAR) ? moments.get(i * 7 % MOMENTS) : moments.getFirst();
        long start = clock.getAsLong();
        machine.restore(to);
        took.add((clock.getAsLong() - start) / 1e3);
      }
      return Run.median(
          took.subList(took.size() / 2, took.size()).stream().mapToDouble(d -> d).toArray());
    }
  }
}
