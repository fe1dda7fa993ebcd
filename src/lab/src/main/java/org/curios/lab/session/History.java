package org.curios.lab.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor.Stop;
import org.curios.machine.Machine;
import org.curios.machine.input.InputLog;
import org.curios.machine.snapshot.Snapshot;

/**
 * The past of a machine: snapshots taken while it runs, thinned out as their number grows. To go
 * back to a tick, the machine runs again from the snapshot before it. The run is deterministic, so
 * the same instructions run again; changes from outside ({@link #change}) are made again at the
 * same tick. All methods belong to the machine's thread.
 */
public final class History {
  /** Ticks between two snapshots as the machine runs, at least. */
  private static final long PERIOD = 10_000_000;

  /**
   * The same, as an upper limit: a fast machine runs through them again in a fraction of a second.
   */
  private static final long LONGEST = 10 * PERIOD;

  /**
   * Host nanoseconds between two snapshots, except for {@link #LONGEST}. A snapshot takes a third
   * of a millisecond, and running again from one takes as long as the original run: this value
   * keeps both short.
   */
  private static final long PAUSE_NANOS = 50_000_000;

  /** Ticks before a place to which the user has gone back in which there are further snapshots. */
  private static final long[] NEAR = {1 << 20, 1 << 16, 1 << 12, 1 << 8};

  /** Ticks between the snapshots of a part of the past that is searched step by step. */
  private static final long FINE = 250_000;

  /** Nothing was found in a part of the past. */
  private static final long NOWHERE = -1;

  /** The result of a search in the past. */
  public enum Found {
    /** The machine is where it was. */
    FOUND,
    /** There is no such place: the machine is at its start. */
    NOTHING,
    /** The search was cancelled: the machine is where it was. */
    CANCELLED
  }

  /** Reports which stops of the past are looked for. */
  @FunctionalInterface
  public interface Sought {
    /** Returns whether a stop counts; the machine is stopped at it. */
    boolean counts(Machine machine, Stop stop);
  }

  /** The history that led to a snapshot, which may differ from the current history. */
  private record Past(
      NavigableMap<Long, Snapshot> checkpoints,
      NavigableMap<Long, List<Consumer<Machine>>> changes,
      InputLog input) {}

  private final Machine machine;
  private final Runnable mayMove;
  private final Points points;
  private final Snapshot start;
  private final Checkpoints checkpoints = new Checkpoints();
  private final Map<String, Snapshot> named = new TreeMap<>();

  private final Changes changes = new Changes();

  /** The pasts of named snapshots. */
  private final Map<Snapshot, Past> pasts = new HashMap<>();

  /** The cause of the stop at the last place that a search found. */
  private List<Points.Point> foundBy = List.of();

  private final List<LongConsumer> forgetters = new ArrayList<>();

  /** {@link System#nanoTime} of the last snapshot that a run has taken. */
  private long keptNanos;

  /** The furthest tick reached: output up to there has been seen. */
  private volatile long furthest;

  /**
   * Starts at the present.
   *
   * @param mayMove throws when the caller may not go to another place
   */
  History(Machine machine, Runnable mayMove) {
    this.machine = machine;
    this.mayMove = mayMove;
    points = new Points(machine);
    changes.moved(now());
    start = machine.snapshot();
    checkpoints.add(start);
  }

  /** Returns the places at which runs stop or are examined. */
  public Points points() {
    return points;
  }

  private long now() {
    return machine.cpu().now();
  }

  // ---- forward

  /**
   * Runs to a tick, or until a point or something else stops the run; takes snapshots on the way.
   */
  public Stop run(long untilTick) {
    points.runs();
    while (true) {
      keepSnapshot();
      long due = checkpoints.lastingBefore(now()) + PERIOD;
      long next = due > now() ? due : now() + PERIOD / 4;
      Stop stop = advance(Math.min(next, untilTick), true);
      if (stop != Stop.TICKS || now() >= untilTick) {
        return stop;
      }
      if (untilTick == VirtualClock.NEVER && nothingCanHappen()) {
        return Stop.IDLE;
      }
    }
  }

  private void keepSnapshot() {
    long ticks = now() - checkpoints.lastingBefore(now());
    long nanos = System.nanoTime();
    if (ticks >= LONGEST || ticks >= PERIOD && nanos - keptNanos >= PAUSE_NANOS) {
      checkpoints.add(machine.snapshot());
      keptNanos = nanos;
    }
  }

  private boolean nothingCanHappen() {
    Cpu cpu = machine.cpu();
    return cpu.isWaiting() && !cpu.interruptRequested() && cpu.clock.next() == VirtualClock.NEVER;
  }

  /**
   * Runs, and repeats on the way the changes that were made before.
   *
   * @param asking whether points can stop the run
   */
  private Stop advance(long untilTick, boolean asking) {
    boolean waited = false;
    while (true) {
      long target = Math.min(untilTick, changes.next());
      boolean steps = asking && points.isStepping();
      if (steps) {
        // While the guest waits, only time changes; after each event it may continue.
        waited = machine.cpu().isWaiting() && !waited;
        long next = waited ? machine.cpu().clock.next() : 0;
        target = Math.min(target, Math.max(next, now() + 1));
      }
      Stop stop = runTo(target);
      changes.apply(machine);
      switch (stop) {
        case TICKS -> {
          if (steps && points.ask(stop)) {
            return Stop.WATCHPOINT;
          }
          if (now() >= untilTick) {
            return stop;
          }
        }
        case BREAKPOINT, WATCHPOINT -> {
          if (asking && points.ask(stop)) {
            return stop;
          }
          machine.executor().passBreakpoint();
        }
        default -> {
          return stop;
        }
      }
    }
  }

  private Stop runTo(long tick) {
    try {
      return machine.run(tick);
    } finally {
      furthest = Math.max(furthest, now());
    }
  }

  /** Allows the next run to begin at an instruction that has a breakpoint. */
  void pass() {
    points.pass();
  }

  /** Returns whether the machine repeats what it did before, so that its output is known. */
  public boolean isReplaying() {
    return now() < furthest;
  }

  /** Returns the furthest tick that was reached: the machine can go forward again up to there. */
  public long furthest() {
    return Math.max(furthest, now());
  }

  // ---- changes

  /**
   * Changes the machine from outside. Its former future is dropped; going back and forward repeats
   * the change.
   *
   * @param change what is done, now and each time that the run comes here again
   */
  public void change(Consumer<Machine> change) {
    mayMove.run();
    long now = now();
    change.accept(machine);
    if (furthest > now) {
      forget(now);
    }
    changes.add(now, change);
    boolean held = checkpoints.holds(now);
    checkpoints.dropFrom(now);
    if (held) {
      checkpoints.add(machine.snapshot());
    }
  }

  /**
   * Schedules a change from outside for a tick, now and each time that the machine reaches the tick
   * again. A change in the past before that tick drops it, together with the rest of the future.
   *
   * @param tick after the current one
   */
  public void foresee(long tick, Consumer<Machine> change) {
    changes.foresee(tick, change);
  }

  /** Adds a listener, called with the current tick when the future after it is forgotten. */
  public void onForget(LongConsumer forgetter) {
    forgetters.add(forgetter);
  }

  /** Opens the future after a tick, at which the machine is stopped. */
  private void forget(long tick) {
    machine.forgetFuture();
    changes.forgetAfter(tick);
    furthest = tick;
    tellForgotten(tick);
  }

  private void tellForgotten(long tick) {
    points.forgetAfter(tick);
    forgetters.forEach(f -> f.accept(tick));
  }

  // ---- back

  private void put(Snapshot snapshot) {
    furthest = Math.max(furthest, now());
    machine.restore(snapshot);
    machine.executor().passNothing();
    changes.moved(snapshot.tick());
    points.moved();
  }

  /** Returns the first tick to which the machine can go back. */
  public long first() {
    return checkpoints.first();
  }

  /** Goes to a tick that is no later than the furthest one that was reached. */
  public void back(long tick) {
    mayMove.run();
    Snapshot from = checkpoints.floor(Math.max(tick, 0));
    if (from == null) {
      throw new SessionException("there is nothing before tick " + checkpoints.first());
    }
    put(from);
    for (long distance : NEAR) {
      if (tick - distance > from.tick()) {
        replay(tick - distance);
        checkpoints.addNear(machine.snapshot());
      }
    }
    replay(tick);
  }

  /** Runs to a tick of the past, ignoring stops. */
  private void replay(long tick) {
    while (now() < tick) {
      long before = now();
      machine.executor().passBreakpoint();
      Stop stop = advanceInThePast(tick, false);
      if (stop == Stop.DEAD && now() == before) {
        return;
      }
    }
  }

  /** {@link #advance} to a tick at which the guest may have ended, which is not its end again. */
  private Stop advanceInThePast(long tick, boolean asking) {
    try {
      return advance(tick, asking);
    } catch (GuestExit e) {
      if (now() < tick) {
        throw e;
      }
      return Stop.TICKS;
    }
  }

  /**
   * Goes back to the last stop by a point before the current tick.
   *
   * @return false if there was none: then the machine is at its start
   */
  public boolean backToStop() {
    return backTo((m, stop) -> true, () -> false) == Found.FOUND;
  }

  /**
   * Goes back to the last stop by a point, breakpoint or watchpoint before the current tick that is
   * looked for.
   *
   * @param sought which stops count
   * @param cancelled asked when the machine is interrupted
   */
  public Found backTo(Sought sought, BooleanSupplier cancelled) {
    mayMove.run();
    points.keep();
    long end = now();
    long until = end;
    Snapshot from = checkpoints.lower(until);
    while (from != null) {
      long found = search(from, until, end, sought, cancelled);
      if (cancelled.getAsBoolean()) {
        back(end);
        return Found.CANCELLED;
      }
      if (found != NOWHERE) {
        List<Points.Point> by = List.copyOf(foundBy);
        back(found);
        points.stopped(by);
        return Found.FOUND;
      }
      until = from.tick();
      from = checkpoints.lower(until);
    }
    back(checkpoints.first());
    return Found.NOTHING;
  }

  /** The tick of the last stop between a snapshot and a tick, and before the present. */
  private long search(
      Snapshot from, long until, long end, Sought sought, BooleanSupplier cancelled) {
    NavigableMap<Long, Snapshot> parts = new TreeMap<>();
    parts.put(from.tick(), from);
    put(from);
    while (points.isStepping() && now() + FINE < until && !cancelled.getAsBoolean()) {
      replay(now() + FINE);
      parts.put(now(), machine.snapshot());
    }
    long last = until;
    for (Map.Entry<Long, Snapshot> part : parts.descendingMap().entrySet()) {
      long found = searchPart(part.getValue(), last, end, sought, cancelled);
      if (found != NOWHERE || cancelled.getAsBoolean()) {
        return found;
      }
      last = part.getKey();
    }
    return NOWHERE;
  }

  private long searchPart(
      Snapshot from, long until, long end, Sought sought, BooleanSupplier cancelled) {
    put(from);
    points.begin();
    long found = NOWHERE;
    while (now() < until) {
      Stop stop = advanceInThePast(until, true);
      if (stop == Stop.TICKS || stop == Stop.DEAD || stop == Stop.IDLE) {
        break;
      }
      if (stop == Stop.INTERRUPTED) {
        if (cancelled.getAsBoolean()) {
          break;
        }
        continue;
      }
      if (now() < end && sought.counts(machine, stop)) {
        found = now();
        foundBy = points.stoppedBy();
      }
      points.pass();
    }
    return found;
  }

  /**
   * Runs the past again for observers and for samples at regular ticks, and returns to the present.
   *
   * @param tick where to begin
   * @param observers creates the points that exist meanwhile
   * @param every ticks between two samples; {@link VirtualClock#NEVER} for none
   * @param sampler receives the machine at each sample
   */
  public void review(long tick, Consumer<Points> observers, long every, Consumer<Machine> sampler) {
    long present = now();
    back(Math.max(tick, first()));
    Points reviewed = new Points(machine);
    observers.accept(reviewed);
    long sample = every == VirtualClock.NEVER ? every : now() + every;
    try {
      while (now() < present) {
        Stop stop = machine.run(Math.min(Math.min(present, sample), changes.next()));
        changes.apply(machine);
        if (stop == Stop.BREAKPOINT || stop == Stop.WATCHPOINT) {
          reviewed.ask(stop);
          machine.executor().passBreakpoint();
        } else if (now() >= sample) {
          sampler.accept(machine);
          sample = now() + every;
        }
      }
    } catch (GuestExit e) {
      if (now() < present) {
        throw e;
      }
    } finally {
      reviewed.clear();
      points.keep();
      if (now() != present) {
        back(present);
      }
    }
  }

  // ---- snapshots

  /** Saves the current state under a name, with the past that led to it. */
  public Snapshot name(String name) {
    Snapshot s = machine.snapshot();
    checkpoints.add(s);
    pasts.put(s, new Past(checkpoints.lasting(), changes.copy(), machine.inputLog()));
    pasts.remove(named.put(name, s));
    return s;
  }

  /** Returns the snapshots that have names. */
  public Map<String, Snapshot> named() {
    return named;
  }

  /**
   * Restores a snapshot; its future is open. The past is that of the snapshot; a snapshot that was
   * not named in this run has none.
   */
  public void restore(Snapshot snapshot) {
    mayMove.run();
    long tick = snapshot.tick();
    Past past = pasts.get(snapshot);
    boolean isOurs =
        past != null
            && changes.agree(past.changes, tick)
            && machine.inputLog().beginsWith(past.input);
    machine.putInputLog(past == null ? InputLog.EMPTY : past.input);
    put(snapshot);
    machine.forgetFuture();
    furthest = tick;
    changes.replace(past == null ? new TreeMap<>() : past.changes, tick);
    checkpoints.replace(past == null ? new TreeMap<>() : past.checkpoints.headMap(tick, false));
    checkpoints.add(snapshot);
    tellForgotten(isOurs ? tick : -1);
  }

  /** Restores the machine to its start, after the image was loaded. */
  public void reset() {
    restore(start);
  }
}
