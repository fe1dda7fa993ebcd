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
import org.curios.kernel.Images;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * A long run of CuriOS: ten clients that mostly wait for timers, one that works without end, so
 * that the machine is never idle, and a service that crashes every ten seconds. Measures the use of
 * the host over time.
 */
final class LongSection implements Section {
  private static final String ROW = "ten-minutes";
  private static final String ARGUMENTS = "policy=ssr-packed run=steady,busy";

  /** The services that crash in turn, in each way in turn. */
  private static final List<String> VICTIMS = List.of("store", "timer", "sched", "counter");

  private static final List<String> CRASHES = List.of("abort", "undef", "assert", "jump");
  private static final long BETWEEN_CRASHES = 10 * VirtualClock.HZ;
  private static final long MINUTES = 10;

  /**
   * A run counts as flat if its second half needs at most this much more memory than it began with.
   */
  private static final double FLAT = 1.05;

  private static final int SAMPLES = 20;

  @Override
  public String name() {
    return "long";
  }

  @Override
  public String description() {
    return "ten virtual minutes of CuriOS, eleven clients at work, a crash every ten seconds";
  }

  @Override
  public List<String> rows() {
    return List.of(ROW);
  }

  @Override
  public boolean needsQemu() {
    return false;
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException {
    report.table(
        this,
        description() + (settings.quick() ? ", cut to a second" : ""),
        List.of(
            new Column("virtual", "virtual s"),
            new Column("host", "host s"),
            new Column("speed", "virtual/host"),
            new Column("recoveries", "recoveries"),
            new Column("resident", "resident MB"),
            new Column("heap", "heap MB"),
            new Column("code", "code MB"),
            new Column("regions", "regions"),
            new Column("compiled", "compiled"),
            new Column("deoptimizations", "deopts")));
    long length = settings.quick() ? VirtualClock.HZ : 60 * MINUTES * VirtualClock.HZ;
    List<Sample> samples = new ArrayList<>();
    LineClock output = new LineClock("", () -> {});
    long crashes = 0;
    try (Machine machine = new MachineBuilder().console(new PrintStream(output, false)).build()) {
      Image image = Image.parse(ROW, Images.curios(ARGUMENTS));
      machine.load(image);
      Guest.View guest = new Guest(new Symbols(image)).at(machine);
      long start = System.nanoTime();
      for (int i = 1; i <= SAMPLES; i++) {
        report.measuring("%s, part %d of %d".formatted(ROW, i, SAMPLES));
        long end = length / SAMPLES * i;
        for (long to = (crashes + 1) * BETWEEN_CRASHES; to < end; to += BETWEEN_CRASHES) {
          runUntil(machine, to, output);
          crash(guest, crashes++);
        }
        runUntil(machine, end, output);
        Sample sample = Sample.of(machine, recoveries(guest), (System.nanoTime() - start) / 1e9);
        samples.add(sample);
        report.row(new BenchRow(name(), "%s-%02d".formatted(ROW, i), sample.values()));
      }
    } catch (ImageException e) {
      throw new BenchException(e.getMessage(), e);
    }
    if (samples.getLast().recoveries() != crashes) {
      throw new BenchException(
          "%s: of %d crashes only %d were recovered from"
              .formatted(ROW, crashes, samples.getLast().recoveries()));
    }
    Sample middle = samples.get(SAMPLES / 2 - 1);
    Sample end = samples.getLast();
    boolean flat =
        !(end.resident() > middle.resident() * FLAT)
            && !(end.heap() > middle.heap() * FLAT)
            && !(end.code() > middle.code() * FLAT);
    report.note(
        "Memory in the second half: %s. Compiled code given up: %d times, %d in the second half."
            .formatted(
                flat ? "flat" : settings.quick() ? "not at rest yet" : "GROWS",
                end.deoptimizations(),
                end.deoptimizations() - middle.deoptimizations()));
    report.figure("long.flat", flat ? 1 : 0);
    report.figure("long.resident_growth", end.resident() / middle.resident());
    report.figure("long.code_growth", end.code() / middle.code());
    report.figure("long.deoptimizations", (double) end.deoptimizations());
    if (!flat && !settings.quick()) {
      throw new BenchException("the memory of the host grows; see the table");
    }
  }

  /** Makes the next request to a service crash. */
  private static void crash(Guest.View guest, long number) {
    String victim = VICTIMS.get((int) (number % VICTIMS.size()));
    String how = CRASHES.get((int) (number / VICTIMS.size() % CRASHES.size()));
    guest.crashes().arm(guest.object(victim), guest.words().crash(how));
  }

  private static long recoveries(Guest.View guest) {
    return guest.objects().stream().mapToLong(o -> o.struct().get("restarts")).sum();
  }

  private static void runUntil(Machine machine, long tick, LineClock output) throws BenchException {
    try {
      Executor.Stop stop = machine.run(tick);
      if (stop != Executor.Stop.TICKS) {
        throw new BenchException(ROW + " stopped (" + stop + ")");
      }
    } catch (GuestExit e) {
      throw new BenchException(ROW + " ended with status " + e.status(), e);
    }
    // The clients print only errors.
    if (!output.lines().isEmpty()) {
      throw new BenchException(ROW + ": " + output.lines().getFirst());
    }
  }

  /**
   * The cost of the run so far.
   *
   * @param virtual seconds of the guest
   * @param seconds of the host
   * @param speed virtual seconds in a second of the host
   * @param recoveries of services that had crashed
   * @param resident megabytes of the process
   * @param heap megabytes alive on the Java heap
   * @param code megabytes of compiled code, that of the machine itself included
   */
  private record Sample(
      double virtual,
      double seconds,
      double speed,
      long recoveries,
      double resident,
      double heap,
      double code,
      long regions,
      long compiled,
      long deoptimizations) {
    static Sample of(Machine machine, long recoveries, double seconds) {
      HostUse use = HostUse.now();
      double virtual = (double) machine.cpu().now() / VirtualClock.HZ;
      return new Sample(
          virtual,
          seconds,
          virtual / seconds,
          recoveries,
          use.resident(),
          use.heap(),
          use.code(),
          machine.executor().regions(),
          machine.compilations().compiled(),
          machine.compilations().deoptimizations());
    }

    Map<String, Double> values() {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("virtual", virtual);
      values.put("host", seconds);
      values.put("speed", speed);
      values.put("recoveries", (double) recoveries);
      values.put("resident", resident);
      values.put("heap", heap);
      values.put("code", code);
      values.put("regions", (double) regions);
      values.put("compiled", (double) compiled);
      values.put("deoptimizations", (double) deoptimizations);
      return values;
    }
  }
}
