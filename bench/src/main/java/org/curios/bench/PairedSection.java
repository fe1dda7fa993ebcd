package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.kernel.Images;

/** Programs that print a line for each unit of work, in paired runs on QEMU and on our machine. */
final class PairedSection implements Section {
  private static final int CALIBRATION = 20;
  private static final int FEWEST_UNITS = 10;
  private static final int MOST_UNITS = 1_000_000;
  private static final String WARM_UP = "warm-up s";

  private final String name;
  private final String folder;
  private final String description;
  private final String unit;
  private final double unitsInSecond;
  private final List<Peer> others;
  private final Peer qemu;
  private final Peer ours = new OurMachine();

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

  /** The guest programs; peers beside QEMU get columns of their own. */
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
  public void run(List<String> wanted, Settings settings, Report report)
      throws BenchException, InterruptedException {
    List<String> columns = new ArrayList<>(List.of(qemu.name() + unit));
    others.forEach(p -> columns.add(p.name() + unit));
    columns.addAll(List.of(ours.name() + unit, Row.RATIO, WARM_UP));
    report.table(this, columns);
    List<Row> rows = new ArrayList<>();
    for (String row : wanted) {
      rows.add(measure(row, settings, report));
      report.row(rows.getLast());
    }
    double mean = Math.exp(rows.stream().mapToDouble(r -> Math.log(r.ratio())).average().orElse(0));
    double least = rows.stream().mapToDouble(Row::ratio).min().orElse(0);
    report.line("geometric mean", Map.of(Row.RATIO, mean));
    report.line("least", Map.of(Row.RATIO, least));
    report.figure(name + ".geomean_vs_qemu", mean);
    report.figure(name + ".min_vs_qemu", least);
  }

  private Row measure(String row, Settings settings, Report report)
      throws BenchException, InterruptedException {
    GuestImage image = GuestImage.of(folder + row);
    report.measuring(row);
    double operations = folder.equals("system/") ? image.word("bench_operations") : 1;
    Run first = qemu.run(row, image.repeated(CALIBRATION).elf(), settings.limit());
    int units = (int) Math.clamp(settings.seconds() / first.steady(), FEWEST_UNITS, MOST_UNITS);
    byte[] elf = image.repeated(units).elf();
    int pairs = settings.pairs();
    double[] ratios = new double[pairs];
    double[] warmUps = new double[pairs];
    Map<String, double[]> times = new LinkedHashMap<>();
    for (int i = 0; i < pairs; i++) {
      report.measuring(row + ", pair " + (i + 1) + " of " + pairs);
      Map<String, Double> pair = new LinkedHashMap<>();
      // Who comes first alternates, so that neither gets the better half of a change in load.
      List<Peer> order = new ArrayList<>(List.of(qemu));
      order.addAll(others);
      order.add(ours);
      for (Peer peer : i % 2 == 0 ? order : order.reversed()) {
        Run run = peer.run(row, elf, settings.limit());
        checkLines(row, peer, run, first);
        pair.put(peer.name(), run.steady());
        if (peer.equals(ours)) {
          warmUps[i] = run.warmUp();
        }
      }
      for (Peer peer : order) {
        times.computeIfAbsent(peer.name() + unit, k -> new double[pairs])[i] =
            pair.get(peer.name()) * unitsInSecond / operations;
      }
      ratios[i] = pair.get(qemu.name()) / pair.get(ours.name());
    }
    Map<String, Double> values = new LinkedHashMap<>();
    times.forEach((column, all) -> values.put(column, Run.median(all)));
    values.put(Row.RATIO, Run.median(ratios));
    values.put(WARM_UP, Run.median(warmUps));
    return new Row(name, row, values);
  }

  /** Every unit of work gives the same line, on every peer. */
  private static void checkLines(String row, Peer peer, Run run, Run first) throws BenchException {
    for (String line : run.lines()) {
      if (!line.equals(first.lines().getFirst())) {
        throw new BenchException(
            "%s: %s prints %s where QEMU has printed %s"
                .formatted(row, peer.name(), line, first.lines().getFirst()));
      }
    }
  }
}
