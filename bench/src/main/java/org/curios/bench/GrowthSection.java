package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.bench.BenchReport.Column;

/**
 * Speed and start-up as the executed code grows: functions of 64 random instructions each, of ARM
 * or of Thumb code, called one after the other, the same number of calls in each row. The guest
 * writes the code itself, before the first unit of work, which is a million instructions.
 *
 * <p>Beside QEMU and our machine: our interpreter alone, and the same mixture of operations as the
 * host's own instructions, which shows the limit set by the host's caches and branch predictors.
 */
final class GrowthSection implements Section {
  private static final String IMAGE = "growth/code";
  private static final String CODE = "bench_code";
  private static final String INSTRUCTION = "bench_instruction";
  private static final double NANOSECONDS = 1e9;

  /** Factor by which our machine's time limit for a row exceeds QEMU's, mostly for its compiler. */
  private static final double LONGER = 15;

  /** Minimum time limit in seconds. */
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
  private final Peer host = new NativePeer();
  private final Peer interpreter = OurMachine.interpreter();
  private Peer ours;

  GrowthSection(Peer qemu) {
    this.qemu = qemu;
  }

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String description() {
    return "nanoseconds for an instruction, and seconds of a process to the end of the first unit";
  }

  @Override
  public List<String> rows() {
    return List.copyOf(CODES.keySet());
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    ours = new Launcher();
    report.table(
        this,
        description(),
        List.of(
            new Column("qemu", "qemu ns"),
            new Column("curios", "curios ns"),
            new Column(BenchRow.RATIO, BenchRow.RATIO),
            new Column(interpreter.name(), "no jit ns"),
            new Column(host.name(), "native ns"),
            new Column("qemu_first", "qemu first"),
            new Column("curios_first", "curios first")));
    String whyNot = NativePeer.whyNot(IMAGE);
    if (whyNot != null) {
      report.note("No column native: " + whyNot);
    }
    boolean hasHost = whyNot == null;
    List<BenchRow> rows = new ArrayList<>();
    for (String name : wanted) {
      report.attempt(
          name,
          () -> {
            rows.add(new BenchRow(name(), name, measure(name, hasHost, settings, report)));
            report.row(rows.getLast());
          });
    }
    rows.stream()
        .mapToDouble(BenchRow::ratio)
        .min()
        .ifPresent(least -> report.figure("growth.min_vs_qemu", least));
  }

  private Map<String, Double> measure(
      String name, boolean hasHost, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    Code wanted = CODES.get(name);
    GuestImage image =
        GuestImage.of(IMAGE)
            .repeated(Integer.MAX_VALUE)
            .with(CODE, wanted.bytes)
            .with(INSTRUCTION, wanted.thumb ? 2 : 4);
    double each = NANOSECONDS / image.word("bench_operations");
    Job job = Job.of(image, settings.seconds() + 1);
    Job ourJob = Job.of(image, Math.max(LEAST_SECONDS, LONGER * settings.seconds()));
    Pairing.Result pairs =
        new Pairing(List.of(qemu, ours), settings, report)
            .run(name, peer -> peer.equals(ours) ? ourJob : job);
    Pairing.Result interpreted =
        new Pairing(List.of(interpreter), settings, report).run(name, peer -> job);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("qemu", pairs.median(qemu, Run::steady) * each);
    values.put("curios", pairs.median(ours, Run::steady) * each);
    values.put(BenchRow.RATIO, pairs.ratio(qemu, ours, Run::steady));
    values.put(interpreter.name(), interpreted.median(interpreter, Run::steady) * each);
    if (hasHost) {
      Pairing.Result limit = new Pairing(List.of(host), settings, report).run(name, peer -> job);
      values.put(host.name(), limit.median(host, Run::steady) * each);
    }
    values.put("qemu_first", pairs.median(qemu, Run::first));
    values.put("curios_first", pairs.median(ours, Run::first));
    return values;
  }
}
