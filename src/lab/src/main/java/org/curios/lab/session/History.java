package org.curios.lab.session;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.curios.arm.Executor.Stop;
import org.curios.machine.Machine;
import org.curios.machine.Snapshot;

/**
 * The past of a machine: snapshots taken as it runs, thinned out as they become many, and the way
 * back to any tick by running again from the one before it. The run is deterministic, so that the
 * same instructions are seen again. All methods belong to the machine's thread.
 */
public final class History {
  /** Ticks between two snapshots at first. */
  private static final long PERIOD = 10_000_000;

  private static final int MOST = 64;

  private final Machine machine;
  private final NavigableMap<Long, Snapshot> snapshots = new TreeMap<>();
  private final Map<String, Snapshot> named = new TreeMap<>();
  private long period = PERIOD;

  /** The furthest tick that was reached: up to there, output has been seen. */
  private volatile long furthest;

  History(Machine machine) {
    this.machine = machine;
    keep();
  }

  private void keep() {
    snapshots.put(machine.cpu().now(), machine.snapshot());
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

  /** Runs to a tick, or until something stops the run, and takes snapshots on the way. */
  public Stop run(long untilTick) {
    while (true) {
      long now = machine.cpu().now();
      Map.Entry<Long, Snapshot> before = snapshots.floorEntry(now);
      long next = Math.max((before == null ? 0 : before.getKey()) + period, now + 1);
      try {
        Stop stop = machine.run(Math.min(next, untilTick));
        if (stop != Stop.TICKS || machine.cpu().now() >= untilTick) {
          return stop;
        }
      } finally {
        furthest = Math.max(furthest, machine.cpu().now());
      }
      keep();
    }
  }

  /**
   * Returns whether the machine does again what it has done before, so that its output is known.
   */
  public boolean isReplaying() {
    return machine.cpu().now() < furthest;
  }

  /** Goes to a tick that is no later than the present one. */
  public void back(long tick) {
    Map.Entry<Long, Snapshot> from = snapshots.floorEntry(Math.max(tick, 0));
    if (from == null) {
      throw new SessionException("there is nothing before tick " + snapshots.firstKey());
    }
    furthest = Math.max(furthest, machine.cpu().now());
    machine.restore(from.getValue());
    if (tick > from.getKey()) {
      machine.executor().passBreakpoint();
      while (machine.cpu().now() < tick) {
        machine.executor().passBreakpoint();
        machine.run(tick);
      }
    }
  }

  /**
   * Goes back to the last stop by a breakpoint or watchpoint before the present tick.
   *
   * @return false if there was none: then the machine is at its start
   */
  public boolean backToStop() {
    long end = machine.cpu().now();
    long until = end;
    furthest = Math.max(furthest, end);
    Map.Entry<Long, Snapshot> from = snapshots.lowerEntry(until);
    while (from != null) {
      machine.restore(from.getValue());
      long found = -1;
      while (machine.cpu().now() < until) {
        Stop stop = machine.run(until);
        if (stop == Stop.TICKS || stop == Stop.DEAD || stop == Stop.IDLE) {
          break;
        }
        if (stop != Stop.INTERRUPTED && machine.cpu().now() < end) {
          found = machine.cpu().now();
        }
        machine.executor().passBreakpoint();
      }
      if (found >= 0) {
        back(found);
        return true;
      }
      until = from.getKey();
      from = snapshots.lowerEntry(until);
    }
    back(snapshots.firstKey());
    return false;
  }

  /** Keeps the present under a name. */
  public Snapshot name(String name) {
    Snapshot s = machine.snapshot();
    snapshots.put(machine.cpu().now(), s);
    named.put(name, s);
    return s;
  }

  /** Returns the snapshots that have names. */
  public Map<String, Snapshot> named() {
    return named;
  }

  /** Puts the machine to a snapshot; its future is open. */
  public void restore(Snapshot snapshot) {
    machine.restore(snapshot);
    machine.forgetFuture();
    snapshots.tailMap(snapshot.tick(), false).clear();
    snapshots.put(snapshot.tick(), snapshot);
    furthest = snapshot.tick();
  }
}
