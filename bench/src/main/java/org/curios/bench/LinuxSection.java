package org.curios.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor;
import org.curios.bench.BenchReport.Column;
import org.curios.lab.measure.LinuxImages;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * Stock Linux ({@link LinuxImages}): to its init script, and what that script does
 * (tests/linux/init), cold, warm and a third time. Times are measured between the lines that the
 * script prints.
 */
final class LinuxSection implements Section {
  private static final String BOOT = "linux-boot";
  private static final String START = "INIT ";
  private static final String WORK = "ROW ";
  private static final String END = "READY";
  private static final List<String> WORKS = List.of("loop", "md5", "gzip", "procs", "sort", "pipe");

  /** Runs of the script's rows in one machine. */
  private static final int ROUNDS = 3;

  /** Seconds after which a run is ended that has not ended itself. */
  private static final double LIMIT = 600;

  private final LinuxImages images = LinuxImages.find();

  @Override
  public String name() {
    return "linux";
  }

  @Override
  public String description() {
    return "seconds of stock Linux to its init script, and of the rows of that script: cold, warm, and the third time";
  }

  @Override
  public List<String> rows() {
    List<String> rows = new ArrayList<>(List.of(BOOT));
    WORKS.forEach(w -> rows.add("linux-" + w));
    return rows;
  }

  @Override
  public boolean needsQemu() {
    return images.isThere();
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    report.table(
        this,
        description(),
        List.of(
            new Column("qemu", "qemu cold"),
            new Column("curios", "curios cold"),
            new Column(BenchRow.RATIO, BenchRow.RATIO),
            new Column("qemu_warm", "qemu warm"),
            new Column("curios_warm", "curios warm"),
            new Column("ratio_warm", "ratio warm"),
            new Column("ratio_third", "ratio third")));
    if (!images.isThere()) {
      report.note("skipped: " + images.missing());
      return;
    }
    int rounds = wanted.equals(List.of(BOOT)) ? 0 : settings.quick() ? 1 : ROUNDS;
    List<Map<String, Double>> qemu = new ArrayList<>();
    List<Map<String, Double>> ours = new ArrayList<>();
    for (int pair = 0; pair < settings.pairs(); pair++) {
      for (int i = 0; i < 2; i++) { // the order alternates
        boolean onQemu = (i + pair) % 2 == 0;
        report.measuring(
            "linux, pair %d of %d, %s"
                .formatted(pair + 1, settings.pairs(), onQemu ? "qemu" : "curios"));
        (onQemu ? qemu : ours).add(seconds(onQemu, rounds, settings.clock()));
      }
    }
    for (String row : wanted) {
      Map<String, Double> values = new LinkedHashMap<>();
      put(values, "", row + " 1", qemu, ours);
      put(values, "_warm", row + " 2", qemu, ours);
      put(values, "_third", row + " 3", qemu, ours);
      report.row(new BenchRow(name(), row, values));
    }
  }

  private static void put(
      Map<String, Double> values,
      String suffix,
      String row,
      List<Map<String, Double>> qemu,
      List<Map<String, Double>> ours) {
    if (!qemu.getFirst().containsKey(row)) {
      return;
    }
    double theirs = Run.median(qemu.stream().mapToDouble(m -> m.get(row)).toArray());
    double mine = Run.median(ours.stream().mapToDouble(m -> m.get(row)).toArray());
    values.put("qemu" + suffix, theirs);
    values.put("curios" + suffix, mine);
    values.put(BenchRow.RATIO + suffix, theirs / mine);
  }

  /** Runs Linux; returns the seconds of each row with the number of its round. */
  private Map<String, Double> seconds(boolean onQemu, int rounds, Clock clock)
      throws BenchException, InterruptedException {
    String commandLine = "console=ttyAMA0 quiet rows=%d then=reboot".formatted(rounds);
    try {
      byte[] kernel = Image.readBytes(images.kernel());
      Job job = new Job("linux", kernel, LIMIT, "", clock);
      LineClock lines = new LineClock("", () -> {});
      if (onQemu) {
        Child.run(image -> images.onQemu(image, commandLine, LinuxImages.TREE), job, "qemu", lines);
      } else {
        runOurs(job, lines, commandLine);
      }
      return rows(lines.run(job, new QemuPeer()), rounds, onQemu ? "qemu" : "curios");
    } catch (ImageException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  private void runOurs(Job job, LineClock lines, String commandLine)
      throws ImageException, BenchException {
    try (Machine machine =
        new MachineBuilder().reboots(false).console(new PrintStream(lines, false)).build()) {
      lines.timeBy(job.clock().ofThread());
      machine.load(
          Image.parse(job.name(), job.elf()), images.bootFiles(commandLine, LinuxImages.TREE));
      try (Deadline _ = new Deadline(job, lines, () -> false, machine.executor()::interrupt)) {
        Executor.Stop stop = machine.run(VirtualClock.NEVER);
        throw new BenchException("Linux did not end on our machine (" + stop + ")");
      }
    } catch (GuestExit e) {
      // it has reset the board
    }
  }

  private static Map<String, Double> rows(Run run, int rounds, String peer) throws BenchException {
    Map<String, Double> rows = new LinkedHashMap<>();
    double now = 0;
    double begun = 0;
    int round = 0;
    String row = BOOT + " 1";
    for (int i = 0; i < run.lines().size(); i++) {
      now += run.seconds()[i];
      String line = run.lines().get(i);
      if (line.startsWith(START) || line.startsWith(WORK) || line.equals(END)) {
        rows.put(row, now - begun);
        begun = now;
        String work = line.startsWith(WORK) ? line.substring(WORK.length()) : "";
        round += work.equals(WORKS.getFirst()) ? 1 : 0;
        row = "linux-" + work + " " + round;
      }
    }
    if (!rows.containsKey(BOOT + " 1") || round != rounds) {
      throw new BenchException(
          "Linux on %s did not get to the end of its script; its last line: %s"
              .formatted(peer, run.lines().getLast()));
    }
    return rows;
  }
}
