package org.curios.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.bench.BenchReport.Column;

/**
 * A whole run including warm-up: both as processes from start to end, ours with the start of its
 * Java virtual machine, on work that takes QEMU a given time.
 */
final class WarmUpSection implements Section {
  private static final String ROW = "mixed-process";
  private static final double QEMU_SECONDS = 20;
  private static final double QUICK_SECONDS = 0.5;
  private static final int CALIBRATION = 20;

  /** A run is aborted when it takes this many times as long as on QEMU. */
  private static final double PATIENCE = 20;

  private final Peer qemu;

  WarmUpSection(Peer qemu) {
    this.qemu = qemu;
  }

  @Override
  public String name() {
    return "warmup";
  }

  @Override
  public String description() {
    return "seconds of a whole process, on work that takes QEMU 20 s";
  }

  @Override
  public List<String> rows() {
    return List.of(ROW);
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    report.table(
        this,
        description(),
        List.of(
            new Column(qemu.name(), "qemu s"),
            new Column("curios", "curios s"),
            new Column(BenchRow.RATIO, BenchRow.RATIO)));
    Peer ours = new Launcher();
    double wantedSeconds = settings.quick() ? QUICK_SECONDS : QEMU_SECONDS;
    GuestImage image = GuestImage.of("bench/mixed");
    report.measuring(ROW);
    int units = units(image, wantedSeconds);
    Job job = Job.of(image.repeated(units), wantedSeconds * PATIENCE + 10);
    Pairing.Result result =
        new Pairing(List.of(qemu, ours), settings, report).run(ROW, peer -> job);
    for (Run run : result.runs().get(ours)) {
      if (run.lines().size() < units) {
        throw new BenchException(
            "%s was not done within %.0f s on our machine".formatted(ROW, job.limit()));
      }
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(qemu.name(), result.median(qemu, Run::whole));
    values.put("curios", result.median(ours, Run::whole));
    values.put(BenchRow.RATIO, result.ratio(qemu, ours, Run::whole));
    report.row(new BenchRow(name(), ROW, values));
    report.figure("warmup.seconds", result.median(ours, Run::whole));
    report.figure("warmup.qemu_seconds", result.median(qemu, Run::whole));
  }

  /** The amount of work that takes QEMU a given time, by two estimates. */
  private int units(GuestImage image, double wantedSeconds)
      throws BenchException, InterruptedException {
    int units = CALIBRATION;
    for (double seconds : new double[] {wantedSeconds / 4, wantedSeconds}) {
      double unit = qemu.run(Job.of(image.repeated(units), wantedSeconds * PATIENCE)).steady();
      units = (int) Math.max(CALIBRATION, seconds / unit);
    }
    return units;
  }
}
