package org.curios.campaign.space;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.Sampling;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;

/**
 * The flips of R0 to R14, or of private memory, in a window of a service's execution, in classes:
 * all flips of a bit of a register or byte between two of its uses have the same effect, so one of
 * them is run for all; flips that are overwritten before they are read, or never read, have no
 * effect and need no run (Smith and others, IEEE Transactions on Reliability 44, 1995).
 */
public final class DefUse {
  private static final int REGISTERS = 15;

  private final List<FlipClass> classes;
  private final int bits;
  private final long flips;
  private final long overwritten;

  /**
   * Flips of any one bit of a register or byte that do the same.
   *
   * @param place as faults name it: {@code r0} to {@code r14}, or the byte's address
   * @param from first tick at which such a flip can happen
   * @param tick last one: the next access reads it, or the window ends
   * @param weight how many ticks there are
   */
  public record FlipClass(String place, long from, long tick, int weight) {}

  /**
   * Takes what a trace has found.
   *
   * @param bits of a register or byte
   * @param flips all of the window
   * @param overwritten those of them that need no run
   */
  DefUse(List<FlipClass> classes, int bits, long flips, long overwritten) {
    this.classes = List.copyOf(classes);
    this.bits = bits;
    this.flips = flips;
    this.overwritten = overwritten;
  }

  /**
   * Traces the window of an exhaustive plan.
   *
   * @throws LabException when the service is not there, or carries out less
   */
  public static DefUse of(Plan plan, Baseline baseline) {
    FaultSet set = plan.faults().get(0);
    String service = set.services().get(0);
    Sampling.Window window = plan.sampling().window();
    long all = baseline.spans(service).total();
    if (window.first() + window.instructions() > all) {
      throw new LabException(
          service
              + (all == 0
                  ? ": no such service in the workload; there are "
                      + String.join(", ", baseline.services())
                  : ": it carries out " + all + " instructions, and the window ends beyond them"));
    }
    Spans spans = baseline.spans(service);
    List<Long> ticks =
        LongStream.range(window.first(), window.first() + window.instructions())
            .map(spans::tick)
            .boxed()
            .toList();
    return set.kind() == FaultClass.REGISTER
        ? registers(baseline, ticks)
        : MemoryUse.trace(baseline, service, set.places(), ticks);
  }

  private static DefUse registers(Baseline baseline, List<Long> all) {
    List<FlipClass> classes = new ArrayList<>();
    long overwritten = 0;
    long[] since = new long[REGISTERS];
    int[] ticks = new int[REGISTERS];
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < all.size(); i++) {
        long tick = all.get(i);
        boolean last = i == all.size() - 1 || all.get(i + 1) != tick + 1;
        RegisterUse use = trial.look(tick, DefUse::use);
        for (int r = 0; r < REGISTERS; r++) {
          since[r] = ticks[r]++ == 0 ? tick : since[r];
          boolean reads = (use.reads() >>> r & 1) != 0;
          boolean writes = (use.writes() >>> r & 1) != 0;
          if (reads || !writes && last) {
            classes.add(new FlipClass("r" + r, since[r], tick, ticks[r]));
          } else if (writes) {
            overwritten += ticks[r];
          }
          if (reads || writes || last) {
            ticks[r] = 0;
          }
        }
      }
    }
    long flips = (long) REGISTERS * Integer.SIZE * all.size();
    return new DefUse(classes, Integer.SIZE, flips, Integer.SIZE * overwritten);
  }

  private static RegisterUse use(View v) {
    Cpu cpu = v.machine().cpu();
    int physical = cpu.memory.physical(cpu.pc);
    boolean arm = (cpu.cpsr() & Psr.T) == 0 && physical != -1 && v.machine().bus().isRam(physical);
    return arm
        ? RegisterUse.of(v.machine().bus().read(physical, 4), cpu.cpsr())
        : new RegisterUse(-1 >>> 17, 0);
  }

  /** Returns the classes that need a run for each bit, by the tick of their run. */
  public List<FlipClass> classes() {
    return classes;
  }

  /** Returns how many bits each class has. */
  public int bits() {
    return bits;
  }

  /** Returns how many flips there are in the window: places, bits and instructions. */
  public long flips() {
    return flips;
  }

  /** Returns how many of them are overwritten before they are read, or never read. */
  public long overwritten() {
    return overwritten;
  }

  /** Returns how many runs cover all of them. */
  public long runs() {
    return (long) bits * classes.size();
  }
}
