package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.curios.bench.BenchReport.Column;
import org.curios.kernel.Images;

/** Programs that print a line for each unit of work, in paired runs on QEMU and on our machine. */
final class PairedSection implements Section {
  private static final String OPERATIONS = "bench_operations";
  private static final String WARM_UP = "warmup";

  /**
   * Rows excluded from the mean: QEMU's timers run in real time and ours by instructions, so the
   * ratio shows the delay of an interrupt, not the speed of either.
   */
  private static final Set<String> CLOCKED = Set.of("timer");

  private final String name;
  private final String folder;
  private final String description;
  private final String unit;
  private final double unitsInSecond;
  private final Peer qemu;
  private final List<Peer> others;

  private PairedSection(
      String name,
      String folder,
      String description,
      String unit,
      double unitsInSecond,
      Peer qemu,
      List<Peer> others) {
    this.name = name;
    this.folder = folder;
    this.description = description;
    this.unit = unit;
    this.unitsInSecond = unitsInSecond;
    this.qemu = qemu;
    this.others = others;
  }

  /** The guest programs; other peers than QEMU have additional columns. */
  static Section programs(Peer qemu, List<Peer> others) {
    return new PairedSection(
        "programs",
        "bench/",
        "milliseconds for a unit of work in steady state",
        " ms",
        1e3,
        qemu,
        others);
  }

  /** One kind of system work each. */
  static Section system(Peer qemu) {
    return new PairedSection(
        "system",
        "system/",
        "nanoseconds for an operation in steady state",
        " ns",
        1e9,
        qemu,
        List.of());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<String> rows() {
    return Images.names().stream()
        .filter(n -> n.startsWith(folder))
        .map(n -> n.substring(folder.length()))
        .toList();
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws InterruptedException {
    Peer ours = new OurMachine(settings.seconds());
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(qemu.name(), qemu.name() + unit));
    others.forEach(p -> columns.add(new Column(p.name(), p.name() + unit)));
    columns.add(new Column(ours.name(), ours.name() + unit));
    columns.add(new Column(BenchRow.RATIO, BenchRow.RATIO));
    columns.add(new Column(WARM_UP, "warm-up s"));
    report.table(this, description, columns);
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
        Math.exp(
            rows.stream()
                .filter(r -> !CLOCKED.contains(r.name()))
                .mapToDouble(r -> Math.log(r.ratio()))
                .average()
                .orElse(Double.NaN));
    double least = rows.stream().mapToDouble(BenchRow::ratio).min().orElseThrow();
    report.line(
        rows.stream().anyMatch(r -> CLOCKED.contains(r.name()))
            ? "mean, without " + String.join(", ", CLOCKED)
            : "geometric mean",
        Map.of(BenchRow.RATIO, mean));
    report.line("least", Map.of(BenchRow.RATIO, least));
    report.figure(name + ".geomean_vs_qemu", mean);
    report.figure(name + ".min_vs_qemu", least);
  }

  private BenchRow measure(String row, Peer ours, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    GuestImage image = GuestImage.of(folder + row);
    List<Peer> peers = new ArrayList<>(List.of(qemu));
    others.stream().filter(p -> p.runs(image.name())).forEach(peers::add);
    peers.add(ours);
    byte[] elf = image.repeated(Integer.MAX_VALUE).elf();
    Pairing.Result result =
        new Pairing(peers, settings, report)
            .run(
                row,
                peer ->
                    new Job(image.name(), elf, settings.limit(peer, ours), "", settings.clock()));
    double operations = image.has(OPERATIONS) ? image.word(OPERATIONS) : 1;
    Map<String, Double> values = new LinkedHashMap<>();
    for (Peer peer : peers) {
      values.put(peer.name(), result.median(peer, Run::steady) * unitsInSecond / operations);
    }
    values.put(BenchRow.RATIO, result.ratio(qemu, ours, Run::steady));
    values.put(WARM_UP, result.median(ours, Run::warmUp));
    return new BenchRow(name, row, values);
  }
}
