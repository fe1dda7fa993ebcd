package org.curios.lab.foreign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.curios.arm.bus.Bus;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignBench.Moment;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Liveness;
import org.curios.lab.trial.MachineInjector;
import org.curios.lab.trial.Outcome.Word;
import org.curios.lab.trial.Trial;
import org.curios.machine.Machine;

/**
 * Runs trials of an image on its own machine: one fault each or two, against the undisturbed run.
 */
public final class ForeignTrial implements AutoCloseable {
  private static final int NONE = -1;

  private final ForeignRun run;
  private final int patience;
  private final boolean endsEarly;
  private final ForeignBench bench;

  /** The granule that differed last, which is compared first; or {@link #NONE}. */
  private int different = NONE;

  private long began;
  private long restoring;
  private long comparing;

  /**
   * A fault that is chosen when the machine has reached its tick.
   *
   * @param tick when
   * @param choice chooses the fault; null if there is nothing to strike
   */
  public record Strike(long tick, Function<Machine, Fault> choice) {
    /** Creates a choice of a given fault. */
    public static Strike of(Fault fault) {
      return new Strike(fault.tick(), m -> fault);
    }
  }

  /**
   * Faults and their outcome.
   *
   * @param faults the faults, in the order of time
   * @param outcome its outcome
   */
  public record Result(List<Fault> faults, ForeignOutcome outcome) {
    /** Copies the list. */
    public Result {
      faults = List.copyOf(faults);
    }
  }

  /**
   * Makes a machine for trials.
   *
   * @param run the undisturbed run
   * @param patience times its length, after which a guest hangs
   * @param endsEarly whether trials end as soon as their outcome is known; otherwise all of them
   *     run to the end of the guest
   */
  public ForeignTrial(ForeignRun run, int patience, boolean endsEarly) {
    this.run = run;
    this.patience = patience;
    this.endsEarly = endsEarly;
    bench = new ForeignBench(run.image(), true);
  }

  /** Returns the host time of the last trial. */
  public Trial.Cost cost() {
    return new Trial.Cost(restoring, System.nanoTime() - began - restoring - comparing, comparing);
  }

  /**
   * Runs a trial with given faults, in the order of time.
   *
   * @throws LabException when the place of one of them does not exist
   */
  public Result run(List<Fault> faults) {
    return run(Strike.of(faults.get(0)), faults.size() < 2 ? null : Strike.of(faults.get(1)));
  }

  /**
   * Runs a trial with one fault or two.
   *
   * @param second the second one, which is left out when there is nothing to strike; null for none
   * @return null if there is nothing to strike for the first one
   */
  public Result run(Strike first, Strike second) {
    if (first.tick < 0 || first.tick >= run.ticks()) {
      throw new LabException(
          "tick %d: the undisturbed run has %d instructions".formatted(first.tick, run.ticks()));
    }
    began = System.nanoTime();
    comparing = 0;
    bench.restore(run.floor(first.tick), run.printed());
    restoring = System.nanoTime() - began;
    List<Fault> faults = new ArrayList<>();
    strike(first, faults);
    if (faults.isEmpty()) {
      return null;
    }
    if (second != null) {
      strike(second, faults);
    }
    return new Result(faults, watch(faults.stream().allMatch(Fault::isTransient)));
  }

  private void strike(Strike strike, List<Fault> faults) {
    bench.run(strike.tick);
    Fault fault = bench.isOver() ? null : strike.choice.apply(bench.machine());
    if (fault != null) {
      MachineInjector.strike(bench.machine(), fault, bench.aftermath());
      faults.add(fault);
    }
  }

  /** Continues until the outcome is known. */
  private ForeignOutcome watch(boolean isTransient) {
    Moment next = run.higher(bench.now());
    while (next != null && !bench.isOver()) {
      bench.run(next.tick());
      if (isTransient
          && endsEarly
          && !bench.isOver()
          && !bench.aftermath().isPending()
          && meets(next)) {
        return met(next);
      }
      next = run.higher(next.tick());
    }
    bench.run(run.ticks());
    if (run.summary().ends()) {
      bench.run(patience * run.ticks());
    }
    long start = System.nanoTime();
    ForeignOutcome outcome = judge();
    comparing += System.nanoTime() - start;
    return outcome;
  }

  // ---- the state of the undisturbed run

  /**
   * Returns whether the rest of the run is that of the undisturbed run: the machine is in the same
   * state, except for bytes that it overwrites before it reads them, or never reads.
   */
  private boolean meets(Moment moment) {
    long start = System.nanoTime();
    try {
      if (bench.machine().cpu().isWaiting() != moment.waiting()
          || !bench.core().equals(moment.core())) {
        return false;
      }
      int number = run.number(moment);
      return (different == NONE || isSame(different, number, moment))
          && bench.machine().isAt(moment.snapshot(), g -> isSame(g, number, moment), b -> false);
    } finally {
      comparing += System.nanoTime() - start;
    }
  }

  private boolean isSame(int granule, int number, Moment moment) {
    byte[] then = moment.snapshot().granule(granule);
    if (bench.machine().bus().holds(granule, then)) {
      return true;
    }
    byte[] now = bench.machine().bus().granule(granule);
    long[] differs = new long[Liveness.WORDS];
    for (int i = 0; i < Bus.GRANULE; i++) {
      differs[i / Long.SIZE] |= now[i] == then[i] ? 0 : 1L << i;
    }
    run.liveness().keepLive(granule, number, differs);
    for (long live : differs) {
      if (live != 0) {
        different = granule;
        return false;
      }
    }
    return true;
  }

  // ---- outcomes

  /** From here on everything is as in the undisturbed run. */
  private ForeignOutcome met(Moment moment) {
    byte[] printed = bench.printed();
    byte[] expected = run.printed();
    int rest = expected.length - moment.printed();
    byte[] all = Arrays.copyOf(printed, printed.length + rest);
    System.arraycopy(expected, moment.printed(), all, printed.length, rest);
    return ofData(OutputDifference.of(expected, all), all);
  }

  private ForeignOutcome judge() {
    ForeignSummary expected = run.summary();
    String data = OutputDifference.of(run.printed(), bench.printed());
    if (data.isEmpty()) {
      data = memoryDifference();
    }
    String by = endedBy(expected);
    if (bench.isDead()) {
      return lost("exceptions without end", data);
    }
    if (!by.isEmpty()) {
      String instead = expected.ends() ? " instead of exit status " + expected.status() : "";
      return new ForeignOutcome(
          Word.SERVICE_LOST, by, false, data.isEmpty(), by + instead, bench.now());
    }
    if (expected.ends() && !bench.isOver()) {
      return lost(String.format(Locale.ROOT, "no end within %,d instructions", bench.now()), data);
    }
    return ofData(data, bench.printed());
  }

  private ForeignOutcome lost(String how, String data) {
    return new ForeignOutcome(Word.SYSTEM_LOST, "", false, data.isEmpty(), how, bench.now());
  }

  /**
   * Returns the outcome of a guest that comes to the same end.
   *
   * @param data what differs
   * @param printed everything that it prints
   */
  private ForeignOutcome ofData(String data, byte[] printed) {
    byte[] expected = run.printed();
    boolean stops =
        printed.length < expected.length
            && Arrays.equals(printed, 0, printed.length, expected, 0, printed.length);
    if (stops && !run.summary().ends()) {
      return lost(
          String.format(
              Locale.ROOT,
              "no more output after %,d of %,d bytes",
              printed.length,
              expected.length),
          data);
    }
    Word word = data.isEmpty() ? Word.UNNOTICED : Word.SILENT;
    return new ForeignOutcome(word, "", true, data.isEmpty(), data, bench.now());
  }

  /** What has ended the guest otherwise than undisturbed; empty if nothing has. */
  private String endedBy(ForeignSummary expected) {
    if (!bench.exception().isEmpty()) {
      return bench.exception();
    }
    boolean same = bench.status() == null || bench.status() == expected.status();
    return same ? "" : "exit status " + bench.status();
  }

  private String memoryDifference() {
    List<byte[]> content = bench.content(run.watched());
    for (int i = 0; i < content.size(); i++) {
      byte[] expected = run.memory().get(i);
      byte[] got = content.get(i);
      int first = Arrays.mismatch(expected, got);
      if (first >= 0) {
        int count = 0;
        for (int j = first; j < got.length; j++) {
          count += got[j] == expected[j] ? 0 : 1;
        }
        return String.format(
            Locale.ROOT,
            "%s: %d of %d bytes, the first at %08x: %02x instead of %02x",
            run.watched().get(i).name(),
            count,
            got.length,
            run.watched().get(i).address() + first,
            got[first],
            expected[first]);
      }
    }
    return "";
  }

  @Override
  public void close() {
    bench.close();
  }
}
