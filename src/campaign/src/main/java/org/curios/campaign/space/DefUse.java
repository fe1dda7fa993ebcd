package org.curios.campaign.space;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.Sampling;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;

/**
 * The flips of R0 to R14 in a window of a service's execution, in classes: all flips of a bit of a
 * register between two of its uses do the same, so that one of them is run for all; those that are
 * overwritten before they are read do nothing, and need no run (Smith and others, IEEE Transactions
 * on Reliability 44, 1995).
 */
public final class DefUse {
  /** Bits of a register. */
  public static final int BITS = 32;

  private static final int REGISTERS = 15;

  private final List<FlipClass> classes = new ArrayList<>();
  private final int instructions;
  private long overwritten;

  /**
   * Flips of any one bit of a register that do the same.
   *
   * @param register 0 to 14
   * @param from first tick at which such a flip can happen
   * @param tick last one: the instruction that reads the register, or the end of the window
   * @param weight how many ticks there are
   */
  public record FlipClass(int register, long from, long tick, int weight) {}

  private DefUse(int instructions) {
    this.instructions = instructions;
  }

  /**
   * Traces the window of an exhaustive plan.
   *
   * @throws LabException when the service is not there, or carries out less
   */
  public static DefUse of(Plan plan, Baseline baseline) {
    String service = plan.faults().get(0).services().get(0);
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
    return trace(baseline, service, window.first(), window.instructions());
  }

  /**
   * Traces a window of the undisturbed run.
   *
   * @param service whose execution it is
   * @param first number of its first instruction among all that the service carries out, from 0
   * @param all how many instructions
   */
  static DefUse trace(Baseline baseline, String service, long first, int all) {
    Spans spans = baseline.spans(service);
    DefUse traced = new DefUse(all);
    long[] since = new long[REGISTERS];
    int[] ticks = new int[REGISTERS];
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < all; i++) {
        long tick = spans.tick(first + i);
        boolean last = i == all - 1 || spans.tick(first + i + 1) != tick + 1;
        RegisterUse use = trial.look(tick, DefUse::use);
        for (int r = 0; r < REGISTERS; r++) {
          since[r] = ticks[r]++ == 0 ? tick : since[r];
          boolean reads = (use.reads() >>> r & 1) != 0;
          boolean writes = (use.writes() >>> r & 1) != 0;
          if (reads || !writes && last) {
            traced.classes.add(new FlipClass(r, since[r], tick, ticks[r]));
          } else if (writes) {
            traced.overwritten += ticks[r];
          }
          if (reads || writes || last) {
            ticks[r] = 0;
          }
        }
      }
    }
    return traced;
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

  /** Returns how many flips there are in the window: registers, bits and instructions. */
  public long flips() {
    return (long) REGISTERS * BITS * instructions;
  }

  /** Returns how many of them are overwritten before they are read. */
  public long overwritten() {
    return BITS * overwritten;
  }

  /** Returns how many runs cover all of them. */
  public long runs() {
    return (long) BITS * classes.size();
  }
}
