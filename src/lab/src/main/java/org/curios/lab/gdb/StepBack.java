package org.curios.lab.gdb;

import java.util.LinkedHashSet;
import java.util.Set;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.gdb.Context.Before;
import org.curios.lab.session.History;
import org.curios.lab.session.History.Found;
import org.curios.lab.session.History.Sought;
import org.curios.machine.Machine;

/** Goes back by one instruction of a context. */
final class StepBack extends Move {
  private static final int[] VECTORS = {0x04, 0x08, 0x0c, 0x10, 0x18, 0x1c};
  private static final int HIGH = 0xffff0000;
  private static final int HIGH_BIT = 1 << 13;
  private static final int INSTRUCTION = 4;

  private final GuestThreads threads;
  private final int thread;
  private final Context context;

  StepBack(GdbBreakpoints breakpoints, GuestThreads threads, int thread, Context context) {
    super(breakpoints);
    this.threads = threads;
    this.thread = thread;
    this.context = context;
  }

  @Override
  public String move(Machine m, History history) {
    long start = m.cpu().now();
    boolean told = breakpoints.isReported(start);
    String arrived = goBack(m, history);
    return breakpoints.areWatching() && reason().isStep()
        ? overWatches(m, history, told ? start - 1 : start)
        : arrived;
  }

  /**
   * Stops after the last watched access that the step has undone, if there is one: gdb then removes
   * its watchpoints, steps back over the access, and reads the value.
   *
   * @param start after the last access that may be one
   */
  private String overWatches(Machine m, History history, long start) {
    StopReason arrived = reason();
    long end = m.cpu().now();
    breakpoints.settle(history.points());
    StopReason touched = null;
    long after = end;
    while (m.cpu().now() < start) {
      m.executor().passBreakpoint();
      Stop stop = runInThePast(m, history, start);
      if (stop == Stop.WATCHPOINT && why(m, stop) != null) {
        touched = why(m, stop);
        after = m.cpu().now() + 1;
      } else if (stop == Stop.IDLE || stop == Stop.DEAD || isCancelled()) {
        break;
      }
    }
    history.back(after);
    if (touched == null) {
      return arrive(arrived);
    }
    String told = arrive(touched);
    breakpoints.report(after);
    return told;
  }

  /** The guest may have ended where the step began; this does not count as ending again. */
  private static Stop runInThePast(Machine m, History history, long start) {
    try {
      return history.run(start);
    } catch (GuestExit e) {
      if (m.cpu().now() < start) {
        throw e;
      }
      return Stop.TICKS;
    }
  }

  private String goBack(Machine m, History history) {
    Before before = Before.of(m);
    boolean on = context.isOn(m, before);
    long earlier = m.cpu().now();
    while (true) {
      if (on) {
        if (m.cpu().now() <= history.first()) {
          return arrive(StopReason.HISTORY_BEGIN);
        }
        earlier = m.cpu().now() - 1;
        history.back(earlier);
        if (m.cpu().isWaiting()) {
          return toTheWait(m, history);
        }
        if (context.wasOn(m, before)) {
          return arrived(m);
        }
      }
      Found found = hasJustLeft(m, before) ? Found.FOUND : toWhereItWasLeft(m, history, before);
      if (found == Found.CANCELLED) {
        return arrive(StopReason.INTERRUPTED);
      }
      if (found == Found.NOTHING) {
        if (context instanceof Context.GuestThread) {
          return arrive(StopReason.HISTORY_BEGIN);
        }
        history.back(earlier);
        return arrived(m);
      }
      on = context.isOn(m, before);
      if (!on) { // at the vector; the instruction that has led here is the one before
        history.back(m.cpu().now() - 1);
        return arrived(m);
      }
    }
  }

  private String arrived(Machine m) {
    return arrive(threads.current(m) == thread ? StopReason.TRAP : StopReason.ELSEWHERE);
  }

  private static Set<Integer> vectors(Machine m) {
    Set<Integer> vectors = new LinkedHashSet<>();
    for (int v : VECTORS) {
      vectors.add((m.cpu().cp15.control() & HIGH_BIT) != 0 ? HIGH | v : v);
    }
    return vectors;
  }

  private boolean hasJustLeft(Machine m, Before before) {
    return vectors(m).contains(m.cpu().register(GdbRegisters.PC)) && context.hasLeft(m, before);
  }

  /**
   * Goes to the last exception that has taken the processor from the context: for an interrupt to
   * where it has not been taken yet, for others to the vector.
   */
  private Found toWhereItWasLeft(Machine m, History history, Before before) {
    return search(history, vectors(m), (mm, stop) -> hasJustLeft(mm, before));
  }

  /** Goes from within a wait for interrupt to the instruction that has begun it. */
  private String toTheWait(Machine m, History history) {
    int wait = m.cpu().register(GdbRegisters.PC) - INSTRUCTION;
    Sought sought = (mm, stop) -> mm.cpu().register(GdbRegisters.PC) == wait;
    return switch (search(history, Set.of(wait), sought)) {
      case CANCELLED -> arrive(StopReason.INTERRUPTED);
      case NOTHING -> arrive(StopReason.HISTORY_BEGIN);
      case FOUND -> arrived(m);
    };
  }

  private Found search(History history, Set<Integer> places, Sought sought) {
    breakpoints.add(history.points(), places);
    return history.backTo(
        (mm, stop) -> stop == Stop.BREAKPOINT && sought.counts(mm, stop), this::isCancelled);
  }
}
