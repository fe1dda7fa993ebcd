package org.curios.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.bench.Report.Column;

/**
 * A whole run with all that comes before full speed: both as processes from start to end, ours with
 * the start of its Java virtual machine, on work that takes QEMU a given time.
 */
final class WarmUpSection implements Section {
  private static final String ROW = "mixed-process";
  private static final double QEMU_SECONDS = 20;
  private static final double QUICK_SECONDS = 0.5;
  private static final int CALIBRATION = 100;

  /** A run that takes so many times as long as on QEMU is given up. */
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
  public void run(List<String> wanted, Settings settings, Report report)
      throws BenchException, InterruptedException {
    report.table(
        this,
        description(),
        List.of(
            new Column(qemu.name(), "qemu s"),
            new Column("curios", "curios s"),
            new Column(Row.RATIO, Row.RATIO)));
    Peer ours = new Launcher();
    double wantedSeconds = settings.quick() ? QUICK_SECONDS : QEMU_SECONDS;
    GuestImage image = GuestImage.of("bench/mixed");
    report.measuring(ROW);
    double unit = qemu.run(Job.of(image.repeated(CALIBRATION), wantedSeconds * PATIENCE)).steady();
    Job job =
        Job.of(
            image.repeated((int) Math.max(1, wantedSeconds / unit)), wantedSeconds * PATIENCE + 10);
    Pairing.Result result =
        new Pairing(List.of(qemu, ours), settings, report).run(ROW, peer -> job);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(qemu.name(), result.median(qemu, Run::whole));
    values.put("curios", result.median(ours, Run::whole));
    values.put(Row.RATIO, result.ratio(qemu, ours, Run::whole));
    report.row(new Row(name(), ROW, values));
    report.figure("warmup.seconds", result.median(ours, Run::whole));
    report.figure("warmup.qemu_seconds", result.median(qemu, Run::whole));
  }
}
