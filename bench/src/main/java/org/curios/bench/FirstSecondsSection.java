package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.bench.BenchReport.Column;

/**
 * The work done in the first ten seconds of a process, as a user sees it; ours includes the start
 * of the Java virtual machine.
 */
final class FirstSecondsSection implements Section {
  private static final double SECONDS = 10;
  private static final double QUICK_SECONDS = 2;
  private static final String PREFIX = "first-";

  private final Peer qemu;
  private final Section programs;

  /**
   * Makes the section.
   *
   * @param programs the section whose programs are run
   */
  FirstSecondsSection(Peer qemu, Section programs) {
    this.qemu = qemu;
    this.programs = programs;
  }

  @Override
  public String name() {
    return "first10";
  }

  @Override
  public String description() {
    return "units of work a second in the first 10 s of a process";
  }

  @Override
  public List<String> rows() {
    return programs.rows().stream().map(row -> PREFIX + row).toList();
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    Peer ours = new Launcher();
    report.table(
        this,
        description(),
        List.of(
            new Column(qemu.name(), "qemu /s"),
            new Column(ours.name(), "curios /s"),
            new Column(BenchRow.RATIO, BenchRow.RATIO),
            new Column("first", "first s")));
    List<BenchRow> rows = new ArrayList<>();
    for (String row : wanted) {
      report.attempt(
          row,
          () -> {
            rows.add(measure(row, ours, settings, report));
            report.row(rows.getLast());
          });
    }
    if (rows.isEmpty()) {
      return;
    }
    double mean =
        Math.exp(rows.stream().mapToDouble(r -> Math.log(r.ratio())).average().orElseThrow());
    double least = rows.stream().mapToDouble(BenchRow::ratio).min().orElseThrow();
    report.line("geometric mean", Map.of(BenchRow.RATIO, mean));
    report.line("least", Map.of(BenchRow.RATIO, least));
    report.figure("first10.geomean_vs_qemu", mean);
    report.figure("first10.min_vs_qemu", least);
  }

  private BenchRow measure(String row, Peer ours, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    GuestImage image = GuestImage.of("bench/" + row.substring(PREFIX.length()));
    Job job = Job.of(image.repeated(Integer.MAX_VALUE), settings.quick() ? QUICK_SECONDS : SECONDS);
    Pairing.Result result =
        new Pairing(List.of(qemu, ours), settings, report).run(row, peer -> job);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(qemu.name(), result.median(qemu, FirstSecondsSection::rate));
    values.put(ours.name(), result.median(ours, FirstSecondsSection::rate));
    values.put(BenchRow.RATIO, result.ratio(ours, qemu, FirstSecondsSection::rate));
    values.put("first", result.median(ours, Run::first));
    return new BenchRow(name(), row, values);
  }

  /** Units of work a second, the start of the process included. */
  private static double rate(Run run) {
    return run.lines().size() / run.whole();
  }
}
