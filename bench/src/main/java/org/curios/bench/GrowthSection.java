package org.curios.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.bench.Report.Column;

/**
 * How speed and start hold as the executed code grows: functions of 64 random instructions each, of
 * ARM or of Thumb code, called one after the other, the same number of calls in each row.
 */
final class GrowthSection implements Section {
  private static final String CODE = "bench_code";
  private static final String INSTRUCTION = "bench_instruction";
  private static final double NANOSECONDS = 1e9;

  /** How much longer our machine is given for a row than QEMU, most of it for its compiler. */
  private static final double LONGER = 15;

  /** Fewest seconds that it is given. */
  private static final double LEAST_SECONDS = 4;

  /**
   * Code of a row.
   *
   * @param thumb whether it is Thumb code: half as many bytes for as many instructions
   */
  private record Code(int bytes, boolean thumb) {}

  private static final Map<String, Code> CODES = new LinkedHashMap<>();

  static {
    CODES.put("code-10K", new Code(10 << 10, false));
    CODES.put("code-40K", new Code(40 << 10, false));
    CODES.put("code-160K", new Code(160 << 10, false));
    CODES.put("code-640K", new Code(640 << 10, false));
    CODES.put("code-2M", new Code(2 << 20, false));
    CODES.put("code-4M", new Code(4 << 20, false));
    CODES.put("thumb-5K", new Code(5 << 10, true));
    CODES.put("thumb-320K", new Code(320 << 10, true));
    CODES.put("thumb-2M", new Code(2 << 20, true));
  }

  private final Peer qemu;

  GrowthSection(Peer qemu) {
    this.qemu = qemu;
  }

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String description() {
    return "nanoseconds for an instruction, and seconds from the start of the process to the millionth";
  }

  @Override
  public List<String> rows() {
    return List.copyOf(CODES.keySet());
  }

  @Override
  public void run(List<String> wanted, Settings settings, Report report)
      throws BenchException, InterruptedException {
    Peer ours = new Launcher();
    report.table(
        this,
        description(),
        List.of(
            new Column("qemu", "qemu ns"),
            new Column("curios", "curios ns"),
            new Column(Row.RATIO, Row.RATIO),
            new Column("qemu_start", "qemu start"),
            new Column("curios_start", "curios start")));
    GuestImage code = GuestImage.of("growth/code").repeated(Integer.MAX_VALUE);
    double instructions = code.word("bench_operations");
    Pairing pairing = new Pairing(List.of(qemu, ours), settings, report);
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String name : wanted) {
      Code wants = CODES.get(name);
      GuestImage image = code.with(CODE, wants.bytes).with(INSTRUCTION, wants.thumb ? 2 : 4);
      double ourSeconds = Math.max(LEAST_SECONDS, LONGER * settings.seconds());
      Pairing.Result result =
          pairing.run(
              name, peer -> Job.of(image, peer.equals(qemu) ? settings.seconds() + 1 : ourSeconds));
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("qemu", result.median(qemu, Run::steady) * NANOSECONDS / instructions);
      values.put("curios", result.median(ours, Run::steady) * NANOSECONDS / instructions);
      values.put(Row.RATIO, result.ratio(qemu, ours, Run::steady));
      values.put("qemu_start", result.median(qemu, Run::first));
      values.put("curios_start", result.median(ours, Run::first));
      rows.put(name, new Row(name(), name, values));
      report.row(rows.get(name));
    }
    report.figure(
        "growth.min_vs_qemu", rows.values().stream().mapToDouble(Row::ratio).min().orElseThrow());
  }
}
