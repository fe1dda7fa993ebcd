package org.curios.lab.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.curios.arm.Executor.Stop;
import org.curios.arm.GuestExit;
import org.curios.machine.Machine;
import org.curios.machine.Snapshot;

/**
 * The past of a machine: snapshots taken as it runs, thinned out as they become many, and the way
 * back to any tick by running again from the one before it. The run is deterministic, so that the
 * same instructions are seen again; what was changed from outside by {@link #change} is changed
 * again at the same tick. All methods belong to the machine's thread.
 */
public final class History {
  /** Ticks between two snapshots as the machine runs. */
  private static final long PERIOD = 10_000_000;

  /** How far before a place that was gone back to there are further snapshots, in ticks. */
  private static final long[] NEAR = {1 << 20, 1 << 16, 1 << 12, 1 << 8};

  /** What has become of a search in the past. */
  public enum Found {
    /** The machine stands where it was. */
    FOUND,
    /** There is no such place: the machine stands at its start. */
    NOTHING,
    /** Somebody has lost patience: the machine stands where it stood. */
    CANCELLED
  }

  /** Says which stops of the past are looked for. */
  @FunctionalInterface
  public interface Sought {
    /** Returns whether a stop counts; the machine stands at it. */
    boolean counts(Machine machine, Stop stop);
  }

  /** The way that has led to a snapshot, which the present need not have in common with it. */
  private record Past(
      NavigableMap<Long, Snapshot> checkpoints,
      NavigableMap<Long, List<Consumer<Machine>>> changes) {}

  private final Machine machine;
  private final Runnable mayMove;
  private final Checkpoints checkpoints = new Checkpoints();
  private final Map<String, Snapshot> named = new TreeMap<>();

  /** What was changed from outside, by the tick before whose instruction it was. */
  private final NavigableMap<Long, List<Consumer<Machine>>> changes = new TreeMap<>();

  /** The last tick whose changes are part of the present state. */
  private long changedUpTo;

  /** What was before the snapshots that have names. */
  private final Map<Snapshot, Past> pasts = new HashMap<>();

  /** The furthest tick that was reached: up to there, output has been seen. */
  private volatile long furthest;

  /**
   * Begins at the present.
   *
   * @param mayMove throws when who asks may not go to another place
   */
  History(Machine machine, Runnable mayMove) {
    this.machine = machine;
    this.mayMove = mayMove;
    changedUpTo = machine.cpu().now();
    checkpoints.add(machine.snapshot());
  }

  /** Runs to a tick, or until something stops the run, and takes snapshots on the way. */
  public Stop run(long untilTick) {
    while (true) {
      long now = machine.cpu().now();
      long next = Math.max(checkpoints.lastingBefore(now) + PERIOD, now + 1);
      Stop stop = advance(Math.min(next, untilTick));
      if (stop != Stop.TICKS || machine.cpu().now() >= untilTick) {
        return stop;
      }
      checkpoints.add(machine.snapshot());
    }
  }

  /** Runs, and changes again on the way what was changed before. */
  private Stop advance(long untilTick) {
    while (true) {
      Map.Entry<Long, List<Consumer<Machine>>> next = changes.higherEntry(changedUpTo);
      long changeTick = next == null ? Long.MAX_VALUE : next.getKey();
      try {
        Stop stop = machine.run(Math.min(untilTick, changeTick));
        if (machine.cpu().now() >= changeTick) {
          changedUpTo = changeTick;
          next.getValue().forEach(c -> c.accept(machine));
          if (stop == Stop.TICKS && changeTick < untilTick) {
            continue;
          }
        }
        return stop;
      } finally {
        furthest = Math.max(furthest, machine.cpu().now());
      }
    }
  }

  /**
   * Returns whether the machine does again what it has done before, so that its output is known.
   */
  public boolean isReplaying() {
    return machine.cpu().now() < furthest;
  }

  /**
   * Changes the machine from outside. What was its future is forgotten; who goes back and forward
   * again meets the change again.
   *
   * @param change what is done, now and each time that the run comes here again
   */
  public void change(Consumer<Machine> change) {
    mayMove.run();
    long now = machine.cpu().now();
    change.accept(machine);
    if (furthest > now) {
      forget(now);
    }
    changes.computeIfAbsent(now, t -> new ArrayList<>()).add(change);
    changedUpTo = now;
    boolean held = checkpoints.holds(now);
    checkpoints.dropFrom(now);
    if (held) {
      checkpoints.add(machine.snapshot());
    }
  }

  /** Opens the future behind a tick, at which the machine stands. */
  private void forget(long tick) {
    machine.forgetFuture();
    changes.tailMap(tick, false).clear();
    furthest = tick;
  }

  private void put(Snapshot snapshot) {
    machine.restore(snapshot);
    machine.executor().passNothing();
    changedUpTo = snapshot.tick();
  }

  /** Returns the first tick that can be gone back to. */
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
    furthest = Math.max(furthest, machine.cpu().now());
    put(from);
    for (long distance : NEAR) {
      if (tick - distance > from.tick()) {
        replay(tick - distance);
        checkpoints.addNear(machine.snapshot());
      }
    }
    replay(tick);
  }

  /** Runs to a tick of the past, whatever stops there were. */
  private void replay(long tick) {
    while (machine.cpu().now() < tick) {
      long before = machine.cpu().now();
      machine.executor().passBreakpoint();
      Stop stop = advanceInThePast(tick);
      if (stop == Stop.DEAD && machine.cpu().now() == before) {
        return;
      }
    }
  }

  /** {@link #advance} to a tick at which the guest may have ended, which is not its end again. */
  private Stop advanceInThePast(long tick) {
    try {
      return advance(tick);
    } catch (GuestExit e) {
      if (machine.cpu().now() < tick) {
        throw e;
      }
      return Stop.TICKS;
    }
  }

  /**
   * Goes back to the last stop by a breakpoint or watchpoint before the present tick.
   *
   * @return false if there was none: then the machine is at its start
   */
  public boolean backToStop() {
    return backTo((m, stop) -> true, () -> false) == Found.FOUND;
  }

  /**
   * Goes back to the last stop by a breakpoint or watchpoint before the present tick that is looked
   * for.
   *
   * @param sought which stops count
   * @param cancelled asked when the machine is interrupted
   */
  public Found backTo(Sought sought, BooleanSupplier cancelled) {
    mayMove.run();
    long end = machine.cpu().now();
    furthest = Math.max(furthest, end);
    long until = end;
    Snapshot from = checkpoints.lower(until);
    while (from != null) {
      put(from);
      long found = -1;
      while (machine.cpu().now() < until) {
        Stop stop = advanceInThePast(until);
        if (stop == Stop.TICKS || stop == Stop.DEAD || stop == Stop.IDLE) {
          break;
        }
        if (stop == Stop.INTERRUPTED) {
          if (cancelled.getAsBoolean()) {
            back(end);
            return Found.CANCELLED;
          }
          continue;
        }
        if (machine.cpu().now() < end && sought.counts(machine, stop)) {
          found = machine.cpu().now();
        }
        machine.executor().passBreakpoint();
      }
      if (found >= 0) {
        back(found);
        return Found.FOUND;
      }
      until = from.tick();
      from = checkpoints.lower(until);
    }
    back(checkpoints.first());
    return Found.NOTHING;
  }

  /** Keeps the present under a name, with the past that has led to it. */
  public Snapshot name(String name) {
    Snapshot s = machine.snapshot();
    checkpoints.add(s);
    pasts.put(s, new Past(checkpoints.lasting(), copy(changes)));
    pasts.remove(named.put(name, s));
    return s;
  }

  private static NavigableMap<Long, List<Consumer<Machine>>> copy(
      NavigableMap<Long, List<Consumer<Machine>>> changes) {
    NavigableMap<Long, List<Consumer<Machine>>> copy = new TreeMap<>();
    changes.forEach((tick, list) -> copy.put(tick, new ArrayList<>(list)));
    return copy;
  }

  /** Returns the snapshots that have names. */
  public Map<String, Snapshot> named() {
    return named;
  }

  /**
   * Puts the machine to a snapshot; its future is open. The past is that of the snapshot: one that
   * has no name in this run has none.
   */
  public void restore(Snapshot snapshot) {
    mayMove.run();
    Past past = pasts.getOrDefault(snapshot, new Past(new TreeMap<>(), new TreeMap<>()));
    put(snapshot);
    machine.forgetFuture();
    furthest = snapshot.tick();
    changes.clear();
    changes.putAll(copy(past.changes.headMap(snapshot.tick(), true)));
    checkpoints.replace(past.checkpoints.headMap(snapshot.tick(), false));
    checkpoints.add(snapshot);
  }
}
