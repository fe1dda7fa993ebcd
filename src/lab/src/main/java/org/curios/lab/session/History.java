package org.curios.lab.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.curios.arm.Executor.Stop;
import org.curios.arm.GuestExit;
import org.curios.machine.Machine;
import org.curios.machine.Snapshot;

/**
 * The past of a machine: snapshots taken as it runs, thinned out as they become many, and the way
 * back to any tick by running again from the one before it. The run is deterministic, and what was
 * changed from outside is changed again at its tick, so that the same instructions are seen again.
 * All methods belong to the machine's thread.
 */
public final class History {
  /** Ticks between two snapshots at first. */
  private static final long PERIOD = 10_000_000;

  private static final int MOST = 64;

  /** Ticks between the snapshots of a part of the past that is gone through step by step. */
  private static final long FINE = 250_000;

  /** A change from outside, and when it was made. */
  private record Change(long tick, Consumer<Machine> action) {}

  /** A snapshot, and how many changes had been made when it was taken. */
  private record Kept(Snapshot snapshot, int changes) {}

  /** A snapshot with a name, and how often the future had been given up when it was taken. */
  private record Named(Kept kept, int forks) {}

  private final Machine machine;
  private final Points points;
  private final Snapshot start;
  private final NavigableMap<Long, Kept> snapshots = new TreeMap<>();
  private final Map<String, Named> named = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<Long> forks = new ArrayList<>();
  private final List<LongConsumer> forgetters = new ArrayList<>();
  private long period = PERIOD;
  private int made;

  /** Ticks up to which observers have seen the run. */
  private long observedBreaks = -1;

  private long observedSteps = -1;

  /** The tick at which a run begins whatever breakpoint is there. */
  private long passed = -1;

  private volatile boolean cancelled;

  /** The furthest tick that was reached: up to there, output has been seen. */
  private volatile long furthest;

  History(Machine machine) {
    this.machine = machine;
    points = new Points(machine);
    keep();
    start = snapshots.firstEntry().getValue().snapshot;
  }

  /** Returns the places at which runs stop or are looked at. */
  public Points points() {
    return points;
  }

  private long now() {
    return machine.cpu().now();
  }

  private void keep() {
    snapshots.put(now(), new Kept(machine.snapshot(), made));
    if (snapshots.size() > MOST) {
      period *= 2;
      long last = -period;
      for (var i = snapshots.keySet().iterator(); i.hasNext(); ) {
        long tick = i.next();
        if (tick - last < period && tick != snapshots.lastKey()) {
          i.remove();
        } else {
          last = tick;
        }
      }
    }
  }

  /**
   * Runs to a tick, or until a point or something else stops the run; takes snapshots on the way.
   */
  public Stop run(long untilTick) {
    while (true) {
      Map.Entry<Long, Kept> before = snapshots.floorEntry(now());
      long next = Math.max((before == null ? 0 : before.getKey()) + period, now() + 1);
      Stop stop;
      try {
        stop = advance(Math.min(next, untilTick));
      } finally {
        furthest = Math.max(furthest, now());
      }
      if (stop != Stop.TICKS || now() >= untilTick) {
        return stop;
      }
      keep();
    }
  }

  /** Runs to a tick, making the known changes on the way; asks the points at their places. */
  private Stop advance(long untilTick) {
    boolean waited = false;
    while (true) {
      makeDueChanges();
      if (now() >= untilTick) {
        return Stop.TICKS;
      }
      long target = made < changes.size() ? Math.min(changes.get(made).tick, untilTick) : untilTick;
      boolean steps = points.isStepping();
      if (steps) {
        // While the guest waits, nothing changes but time; behind each event it may go on.
        waited = machine.cpu().isWaiting() && !waited;
        long next = waited ? machine.cpu().clock.next() : 0;
        target = Math.min(target, Math.max(next, now() + 1));
      }
      Stop stop = machine.run(target);
      if (stop == Stop.TICKS && !steps) {
        continue;
      }
      if (stop != Stop.TICKS && stop != Stop.BREAKPOINT && stop != Stop.WATCHPOINT) {
        return stop;
      }
      if (ask(stop)) {
        return stop == Stop.TICKS ? Stop.WATCHPOINT : stop;
      }
      machine.executor().passBreakpoint();
    }
  }

  /** Asks the points; observers once for each tick, those who stop runs where no run begins. */
  private boolean ask(Stop stop) {
    long now = now();
    if (stop == Stop.BREAKPOINT) {
      boolean observing = now > observedBreaks;
      observedBreaks = Math.max(observedBreaks, now);
      return points.ask(stop, observing, now != passed);
    }
    boolean observing = now > observedSteps;
    observedSteps = Math.max(observedSteps, now);
    return points.ask(stop, observing, true);
  }

  /** Lets the next run begin with an instruction that has a breakpoint. */
  void pass() {
    passed = now();
  }

  private void makeDueChanges() {
    while (made < changes.size() && changes.get(made).tick <= now()) {
      changes.get(made++).action.accept(machine);
    }
  }

  /**
   * Changes the machine from outside. What was its future is forgotten; when this moment is passed
   * again, the change is made again.
   */
  public void change(Consumer<Machine> action) {
    if (isReplaying() || made < changes.size()) {
      forgetFuture();
    }
    action.accept(machine);
    changes.add(new Change(now(), action));
    made++;
  }

  /** Has somebody told when the future is forgotten: the tick behind which nothing has happened. */
  public void onForget(LongConsumer forgetter) {
    forgetters.add(forgetter);
  }

  private void forgetFuture() {
    changes.subList(made, changes.size()).clear();
    machine.forgetFuture();
    snapshots.tailMap(now(), false).clear();
    forks.add(now());
    furthest = now();
    observedBreaks = Math.min(observedBreaks, now());
    observedSteps = Math.min(observedSteps, now());
    forgetters.forEach(f -> f.accept(now()));
  }

  /**
   * Returns whether the machine does again what it has done before, so that its output is known.
   */
  public boolean isReplaying() {
    return now() < furthest;
  }

  /** Returns the earliest tick that one can go back to. */
  public long first() {
    return snapshots.firstKey();
  }

  /** Gives up a search of the past; may be called by any thread. */
  void cancel() {
    cancelled = true;
  }

  private void put(Kept kept) {
    furthest = Math.max(furthest, now());
    machine.restore(kept.snapshot);
    made = kept.changes;
  }

  private Map.Entry<Long, Kept> before(long tick) {
    Map.Entry<Long, Kept> from = snapshots.floorEntry(tick);
    if (from == null) {
      throw new SessionException("nothing is known before tick " + first());
    }
    return from;
  }

  /** Goes to a tick that is no later than the present one. */
  public void back(long tick) {
    put(before(tick).getValue());
    replay(tick);
  }

  /** Runs to a tick, whatever points there are. */
  private void replay(long tick) {
    makeDueChanges();
    while (now() < tick) {
      machine.executor().passBreakpoint();
      machine.run(made < changes.size() ? Math.min(changes.get(made).tick, tick) : tick);
      makeDueChanges();
    }
    passed = -1;
  }

  /**
   * Goes back to the last stop by a point before the present tick.
   *
   * @return false if there was none: then the machine is at its start
   */
  public boolean backToStop() {
    long end = now();
    long until = end;
    cancelled = false;
    Map.Entry<Long, Kept> from = snapshots.lowerEntry(until);
    while (from != null) {
      long found = lastStop(from.getValue(), until, end);
      if (cancelled) {
        back(end);
        throw new SessionException("given up; the machine is where it was");
      }
      if (found >= 0) {
        back(found);
        pass();
        return true;
      }
      until = from.getKey();
      from = snapshots.lowerEntry(until);
    }
    back(first());
    return false;
  }

  /** The tick of the last stop between a snapshot and a tick, and before another; -1 for none. */
  private long lastStop(Kept from, long until, long end) {
    if (!points.isStepping() || until - from.snapshot.tick() <= FINE) {
      return scan(from, until, end);
    }
    NavigableMap<Long, Kept> parts = new TreeMap<>();
    parts.put(from.snapshot.tick(), from);
    put(from);
    while (now() + FINE < until) {
      replay(now() + FINE);
      parts.put(now(), new Kept(machine.snapshot(), made));
    }
    long last = until;
    for (Map.Entry<Long, Kept> part : parts.descendingMap().entrySet()) {
      long found = scan(part.getValue(), last, end);
      if (found >= 0 || cancelled) {
        return found;
      }
      last = part.getKey();
    }
    return -1;
  }

  private long scan(Kept from, long until, long end) {
    put(from);
    points.begin();
    long found = -1;
    try {
      while (now() < until && !cancelled) {
        Stop stop = advance(until);
        if (stop == Stop.TICKS || stop == Stop.DEAD || stop == Stop.IDLE) {
          break;
        }
        if (stop != Stop.INTERRUPTED && now() < end) {
          found = now();
        }
        pass();
      }
    } catch (GuestExit e) {
      return found; // the end of the run lies at the end of the part
    }
    return found;
  }

  /**
   * Looks at the past through observers, and comes back to the present.
   *
   * @param tick where to begin
   * @param observers makes the points that are to be there meanwhile
   */
  public void review(long tick, Consumer<Points> observers) {
    long present = now();
    back(Math.max(tick, first()));
    Points reviewed = new Points(machine);
    observers.accept(reviewed);
    try {
      while (now() < present) {
        makeDueChanges();
        Stop stop =
            machine.run(
                made < changes.size() ? Math.min(changes.get(made).tick, present) : present);
        if (stop == Stop.BREAKPOINT || stop == Stop.WATCHPOINT) {
          reviewed.ask(stop, true, true);
          machine.executor().passBreakpoint();
        }
      }
      makeDueChanges();
    } finally {
      reviewed.clear();
      points.setAgain();
      if (now() != present) {
        back(present);
      }
    }
  }

  /** Keeps the present under a name. */
  public Snapshot name(String name) {
    Kept kept = new Kept(machine.snapshot(), made);
    snapshots.put(now(), kept);
    named.put(name, new Named(kept, forks.size()));
    return kept.snapshot;
  }

  /** Returns the snapshots that have names. */
  public Map<String, Snapshot> named() {
    Map<String, Snapshot> all = new TreeMap<>();
    named.forEach((name, n) -> all.put(name, n.kept.snapshot));
    return all;
  }

  /** Puts the machine to a snapshot with a name; its future is open. */
  public void restore(String name) {
    Named n = named.get(name);
    if (n == null) {
      throw new SessionException(name + ": no snapshot has this name; snapshot lists them");
    }
    long tick = n.kept.snapshot.tick();
    boolean isOurPast = forks.subList(n.forks, forks.size()).stream().allMatch(f -> tick <= f);
    restore(n.kept, isOurPast);
  }

  /** Puts the machine to a snapshot whose past is not known; its future is open. */
  public void restore(Snapshot snapshot) {
    restore(new Kept(snapshot, 0), false);
  }

  private void restore(Kept kept, boolean isOurPast) {
    machine.restore(kept.snapshot);
    if (isOurPast) {
      made = kept.changes;
    } else {
      made = 0;
      snapshots.clear();
      forks.add(-1L);
      period = PERIOD;
      observedBreaks = -1;
      observedSteps = -1;
      forgetters.forEach(f -> f.accept(-1));
    }
    forgetFuture();
    snapshots.put(now(), new Kept(kept.snapshot, made));
  }

  /** Puts the machine to its start, when the image had been loaded and nothing had run. */
  public void reset() {
    restore(start);
  }
}
