package org.curios.lab.gdb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.curios.arm.core.Memory.Watch;
import org.curios.lab.session.Points;
import org.curios.lab.session.Points.Point;

/**
 * Breakpoints and watchpoints. gdb removes all of them at each stop and inserts them again before
 * it continues; only differences are applied to the machine, so that compiled code survives that.
 * Points that are in the machine but no longer wanted are ignored, and removed before the next long
 * run.
 */
final class GdbBreakpoints {
  /** The kinds in gdb's packets Z and z. */
  enum Kind {
    SOFTWARE("swbreak"),
    HARDWARE("hwbreak"),
    WRITE("watch"),
    READ("rwatch"),
    ACCESS("awatch");

    /** Word of a stop reply. */
    final String word;

    Kind(String word) {
      this.word = word;
    }

    boolean isWatch() {
      return ordinal() >= WRITE.ordinal();
    }
  }

  /** A watchpoint as gdb names it. */
  private record Watchpoint(Kind kind, int address, int bytes) {
    Watch watch() {
      return new Watch(address, bytes, kind != Kind.WRITE, kind != Kind.READ, true);
    }
  }

  /** No tick. */
  static final long NOWHERE = -1;

  private final Map<Integer, Kind> wanted = new HashMap<>();
  private final Set<Watchpoint> wantedWatches = new HashSet<>();

  /** Addresses at which the machine has a breakpoint of ours. */
  private final Map<Integer, Point> set = new HashMap<>();

  private final Map<Watch, Point> setWatches = new LinkedHashMap<>();

  /**
   * The tick at which the debugger was last notified, while going back, of the access just before
   * it.
   */
  private long isReported = NOWHERE;

  /** Inserts a point; nothing happens if it exists already. */
  void insert(Kind kind, int address, int bytes) {
    if (kind.isWatch()) {
      wantedWatches.add(new Watchpoint(kind, address, bytes));
    } else {
      wanted.put(address, kind);
    }
  }

  /** Removes a point; nothing happens if it does not exist. */
  void remove(Kind kind, int address, int bytes) {
    if (kind.isWatch()) {
      wantedWatches.remove(new Watchpoint(kind, address, bytes));
    } else {
      wanted.remove(address, kind);
    }
  }

  /** Removes all points. */
  void clear() {
    wanted.clear();
    wantedWatches.clear();
  }

  /** Returns whether anything is watched. */
  boolean areWatching() {
    return !wantedWatches.isEmpty();
  }

  /** Records the tick at which the debugger is notified of the access before it. */
  void report(long tick) {
    isReported = tick;
  }

  /**
   * Returns whether the debugger knows of the access just before a tick, at which the machine is
   * stopped.
   */
  boolean isReported(long tick) {
    return isReported == tick;
  }

  /** Adds missing points to the machine, and breakpoints that only the run needs. */
  void add(Points points, Set<Integer> inner) {
    for (int address : wanted.keySet()) {
      set.computeIfAbsent(address, a -> points.before(a, m -> true));
    }
    for (int address : inner) {
      set.computeIfAbsent(address, a -> points.before(a, m -> true));
    }
    for (Watchpoint w : wantedWatches) {
      setWatches.computeIfAbsent(w.watch(), watch -> points.touching(watch, m -> true));
    }
  }

  /** Makes the points in the machine exactly those that are wanted. */
  void settle(Points points) {
    keepOnly(points, set, wanted.keySet());
    Set<Watch> watches = new HashSet<>();
    wantedWatches.forEach(w -> watches.add(w.watch()));
    keepOnly(points, setWatches, watches);
    add(points, Set.of());
  }

  private static <T> void keepOnly(Points points, Map<T, Point> present, Set<T> wanted) {
    present
        .entrySet()
        .removeIf(e -> {
          boolean stale = !wanted.contains(e.getKey());
          if (stale) {
            points.remove(e.getValue());
          }
          return stale;
        });
  }

  /** Returns the kind of the wanted breakpoint at an address; null if there is none. */
  Kind at(int address) {
    return wanted.get(address);
  }

  /** Returns whether a breakpoint in the machine is ours, wanted or not. */
  boolean owns(int address) {
    return set.containsKey(address);
  }

  /** Returns the kind of a wanted watchpoint; null if it is not wanted. */
  Kind kindOf(Watch watch) {
    for (Watchpoint w : wantedWatches) {
      if (w.watch().equals(watch)) {
        return w.kind;
      }
    }
    return null;
  }

  /** Returns whether a watchpoint in the machine is ours, wanted or not. */
  boolean owns(Watch watch) {
    return setWatches.containsKey(watch);
  }
}
