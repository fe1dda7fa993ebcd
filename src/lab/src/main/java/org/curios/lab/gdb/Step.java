package org.curios.lab.gdb;

import java.util.Set;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.gdb.Context.Before;
import org.curios.lab.session.History;
import org.curios.machine.Machine;

/** Executes instructions of a context: one, or as many as lie in a range of addresses. */
final class Step extends Move {
  /** Maximum number of instructions between two checks for requests. */
  private static final int SLICE = 10_000;

  private static final long NONE = -1;

  private final GuestThreads threads;
  private final int thread;
  private final Context context;
  private final int from;
  private final int length;

  /** The processor's state before the current instruction; null before the first. */
  private Before before;

  /** Whether the context does not run, and the machine runs until it does. */
  private boolean away;

  /** Whether no instruction of the context has been executed so far. */
  private boolean owes = true;

  /** Tick to run to. */
  private long target = NONE;

  /**
   * Makes a step.
   *
   * @param thread the thread that gdb steps
   * @param from first address of the range
   * @param length bytes of the range; 0 for one instruction
   */
  Step(
      GdbBreakpoints breakpoints,
      GuestThreads threads,
      int thread,
      Context context,
      int from,
      int length) {
    super(breakpoints);
    this.threads = threads;
    this.thread = thread;
    this.context = context;
    this.from = from;
    this.length = length;
  }

  @Override
  public String move(Machine m, History history) {
    if (before == null) {
      before = Before.of(m);
      breakpoints.add(history.points(), Set.of());
      noteWhere(m, history);
    }
    for (int i = 0; i < SLICE; i++) {
      if (target == NONE && !away) {
        before = Before.of(m);
        target = isAsleep(m) ? m.cpu().clock.next() : m.cpu().now() + 1;
      }
      Stop stop = run(m, history, target == NONE ? VirtualClock.NEVER : target);
      if (stop == Stop.INTERRUPTED) {
        return null;
      }
      if (stop == Stop.TICKS) {
        target = NONE;
        if (isDone(m, history)) {
          return arrive(threads.current(m) == thread ? StopReason.TRAP : StopReason.ELSEWHERE);
        }
        continue;
      }
      StopReason why = why(m, stop);
      if (why != null) {
        return arrive(why);
      }
      m.executor().passBreakpoint();
      if (away && target == NONE && stop == Stop.BREAKPOINT && context.isReturning(m, before)) {
        target = m.cpu().now() + context.distance();
      }
    }
    return null;
  }

  /** Returns whether the machine waits, and continues waiting until the next event of a device. */
  private static boolean isAsleep(Machine m) {
    return m.cpu().isWaiting() && !m.cpu().interruptRequested();
  }

  private void noteWhere(Machine m, History history) {
    away = !context.isOn(m, before);
    if (away) {
      breakpoints.add(history.points(), context.returns(before));
    }
  }

  /** Returns whether the step is complete, at the tick that was aimed at. */
  private boolean isDone(Machine m, History history) {
    boolean wasAway = away;
    noteWhere(m, history);
    if (away) {
      return false;
    }
    if (!wasAway) {
      owes = false;
    }
    // An instruction that has been interrupted, or has faulted and will be repeated.
    boolean undone = wasAway ? owes || before.isNow(m) : m.cpu().isWaiting() && before.isNow(m);
    return !undone
        && Integer.compareUnsigned(m.cpu().register(GdbRegisters.PC) - from, length) >= 0;
  }
}
