package org.curios.lab.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.curios.arm.core.Memory;
import org.curios.arm.run.Executor.Stop;
import org.curios.machine.Machine;

/**
 * Places at which the machine's thread calls back: an instruction, an access to memory, or every
 * instruction. Each decides whether the run stops there. Observers never stop it, and are not
 * called again when a run is replayed. All methods must be called on the machine's thread.
 */
public final class Points {
  /** A place; made by the methods of {@link Points}. */
  public static final class Point {
    private final Integer address;
    private final Memory.Watch watch;
    private final Predicate<Machine> condition;
    private final boolean observes;

    private Point(
        Integer address, Memory.Watch watch, Predicate<Machine> condition, boolean observes) {
      this.address = address;
      this.watch = watch;
      this.condition = condition;
      this.observes = observes;
    }

    private boolean isStep() {
      return address == null && watch == null;
    }
  }

  private static final long NEVER = -1;

  private final Machine machine;
  private final List<Point> points = new ArrayList<>();
  private final Map<Integer, Integer> uses = new HashMap<>();
  private final List<Point> stoppedBy = new ArrayList<>();
  private int steps;

  /** The tick up to which observers have seen the run. */
  private long observedBreaks = NEVER;

  private long observedSteps = NEVER;

  /** Addresses of breakpoints set by others. */
  private IntPredicate others = address -> false;

  /** The tick at which a run starts in spite of a breakpoint there. */
  private long passed = NEVER;

  Points(Machine machine) {
    this.machine = machine;
  }

  /**
   * Stops before the instruction at an address.
   *
   * @param address virtual address, without the T bit
   * @param condition whether it stops this time; it must change nothing
   */
  public Point before(int address, Predicate<Machine> condition) {
    return add(new Point(address, null, condition, false));
  }

  /** Stops after an instruction that touches memory, if a condition holds then. */
  public Point touching(Memory.Watch watch, Predicate<Machine> condition) {
    return add(new Point(null, watch, condition, false));
  }

  /**
   * Stops after any instruction after which a condition holds; the condition is also evaluated,
   * without effect, where a run begins. While there is such a point the machine runs step by step:
   * about a million instructions a second.
   */
  public Point stepping(Predicate<Machine> condition) {
    return add(new Point(null, null, condition, false));
  }

  /** Does something before the instruction at an address, and continues. */
  public Point observe(int address, Consumer<Machine> action) {
    return add(new Point(address, null, always(action), true));
  }

  /** Does something after each instruction, and continues. */
  public Point observeSteps(Consumer<Machine> action) {
    return add(new Point(null, null, always(action), true));
  }

  private static Predicate<Machine> always(Consumer<Machine> action) {
    return m -> {
      action.accept(m);
      return false;
    };
  }

  private Point add(Point p) {
    points.add(p);
    if (p.address != null && uses.merge(p.address, 1, Integer::sum) == 1) {
      machine.cpu().code.setBreakpoint(p.address, true);
    }
    if (p.watch != null) {
      machine.cpu().memory.watch(p.watch);
    }
    if (p.isStep()) {
      steps++;
      begin();
    }
    return p;
  }

  /** Removes a point; nothing happens if it has been removed. */
  public void remove(Point p) {
    if (!points.remove(p)) {
      return;
    }
    if (p.address != null && uses.merge(p.address, -1, Integer::sum) == 0) {
      uses.remove(p.address);
      machine.cpu().code.setBreakpoint(p.address, false);
    }
    if (p.watch != null) {
      machine.cpu().memory.unwatch(p.watch);
    }
    steps -= p.isStep() ? 1 : 0;
  }

  /** Shows points that compare successive instructions the start of a run. */
  void begin() {
    for (Point p : points) {
      if (p.isStep() && !p.observes) {
        boolean _ = p.condition.test(machine);
      }
    }
  }

  /** Removes all points. */
  void clear() {
    List.copyOf(points).forEach(this::remove);
  }

  /**
   * Makes runs also stop at addresses where others have set breakpoints; sets our own breakpoints
   * again, in case the others cleared some.
   */
  public void alsoStopAt(IntPredicate addresses) {
    others = addresses;
    keep();
  }

  /** Sets all breakpoints again, in case others cleared some. */
  void keep() {
    uses.keySet().forEach(address -> machine.cpu().code.setBreakpoint(address, true));
  }

  /**
   * Allows the next run to begin at an instruction that has a breakpoint; observers still see it.
   */
  void pass() {
    passed = machine.cpu().now();
    if (passed <= observedBreaks || !uses.containsKey(machine.cpu().register(15))) {
      machine.executor().passBreakpoint();
    }
  }

  /** The machine is at another moment. */
  void moved() {
    passed = NEVER;
    stoppedBy.clear();
  }

  /** A run begins: sets all breakpoints again, in case others cleared some. */
  void runs() {
    stoppedBy.clear();
    keep();
  }

  /** Takes some points as the cause of the current stop. */
  void stopped(List<Point> by) {
    stoppedBy.clear();
    stoppedBy.addAll(by);
  }

  /** Forgets what was seen after a tick; -1 for everything. */
  void forgetAfter(long tick) {
    observedBreaks = Math.min(observedBreaks, tick);
    observedSteps = Math.min(observedSteps, tick);
  }

  /** Returns the points that have stopped the last run. */
  public List<Point> stoppedBy() {
    return List.copyOf(stoppedBy);
  }

  /** Whether the machine has to go step by step. */
  boolean isStepping() {
    return steps > 0;
  }

  /**
   * Calls all points at a place that the machine has reached: observers only the first time, the
   * others unless the run begins there.
   *
   * @param stop why the run returned; TICKS for a step
   * @return whether the run stops; at a breakpoint that others have set, it does
   */
  boolean ask(Stop stop) {
    long now = machine.cpu().now();
    boolean isBreak = stop == Stop.BREAKPOINT;
    boolean observing = now > (isBreak ? observedBreaks : observedSteps);
    boolean stopping = !isBreak || now != passed;
    if (isBreak) {
      observedBreaks = Math.max(observedBreaks, now);
    } else {
      observedSteps = Math.max(observedSteps, now);
    }
    stoppedBy.clear();
    int pc = machine.cpu().register(15);
    Memory.Watch touched = stop == Stop.WATCHPOINT ? machine.cpu().memory.lastHit() : null;
    boolean ours = stop == Stop.TICKS;
    for (Point p : List.copyOf(points)) {
      boolean here =
          p.address != null
              ? isBreak && p.address == pc
              : p.watch != null ? p.watch.equals(touched) : !isBreak;
      if (!here) {
        continue;
      }
      ours |= !p.isStep();
      if ((p.observes ? observing : stopping) && p.condition.test(machine)) {
        stoppedBy.add(p);
      }
    }
    ours &= !(isBreak && others.test(pc));
    return !ours && stopping || !stoppedBy.isEmpty();
  }
}
