package org.curios.lab.session;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.curios.machine.snapshot.Snapshot;

/**
 * The snapshots of one past, dense in the near past and sparse in the far past, so that going back
 * takes time in proportion to the distance. A few more, just before the place to which the user has
 * gone back, make further steps back from there fast.
 */
final class Checkpoints {
  private static final int MOST = 64;
  private static final int MOST_NEAR = 16;

  private final NavigableMap<Long, Snapshot> kept = new TreeMap<>();
  private final NavigableMap<Long, Snapshot> near = new TreeMap<>();

  /** Adds a snapshot, and removes the least useful one. */
  void add(Snapshot snapshot) {
    kept.put(snapshot.tick(), snapshot);
    if (kept.size() > MOST) {
      thin();
    }
  }

  /** Removes the one whose neighbours are nearest to each other, measured by their age. */
  private void thin() {
    List<Snapshot> all = new ArrayList<>(kept.values());
    double present = all.get(all.size() - 1).tick();
    int least = 1;
    double leastGap = Double.MAX_VALUE;
    for (int i = 1; i < all.size() - 1; i++) {
      double before = all.get(i - 1).tick();
      double gap = (all.get(i + 1).tick() - before) / (present - before);
      if (gap < leastGap) {
        leastGap = gap;
        least = i;
      }
    }
    kept.remove(all.get(least).tick());
    all.get(least + 1).absorb(s -> kept.get(s.tick()) == s || near.get(s.tick()) == s);
  }

  /** Adds a temporary snapshot before the place to which the user has gone back. */
  void addNear(Snapshot snapshot) {
    near.put(snapshot.tick(), snapshot);
    if (near.size() > MOST_NEAR) {
      near.remove(near.lastKey()); // who goes back comes from there
    }
  }

  /** Returns the last one at a tick or before; null if there is none. */
  Snapshot floor(long tick) {
    return later(kept.floorEntry(tick), near.floorEntry(tick));
  }

  /** Returns the last one before a tick; null if there is none. */
  Snapshot lower(long tick) {
    return later(kept.lowerEntry(tick), near.lowerEntry(tick));
  }

  private static Snapshot later(
      java.util.Map.Entry<Long, Snapshot> a, java.util.Map.Entry<Long, Snapshot> b) {
    if (a == null || b != null && b.getKey() > a.getKey()) {
      return b == null ? null : b.getValue();
    }
    return a.getValue();
  }

  /** Returns the tick of the last lasting one at a tick or before; 0 if there is none. */
  long lastingBefore(long tick) {
    Long at = kept.floorKey(tick);
    return at == null ? 0 : at;
  }

  /** Returns the first tick that can be gone back to. */
  long first() {
    return kept.firstKey();
  }

  /** Returns whether there is one at exactly this tick. */
  boolean holds(long tick) {
    return kept.containsKey(tick);
  }

  /** Returns the lasting ones. */
  NavigableMap<Long, Snapshot> lasting() {
    return new TreeMap<>(kept);
  }

  /** Replaces all of them. */
  void replace(NavigableMap<Long, Snapshot> others) {
    kept.clear();
    near.clear();
    kept.putAll(others);
  }

  /** Drops those at a tick and after it. */
  void dropFrom(long tick) {
    kept.tailMap(tick, true).clear();
    near.tailMap(tick, true).clear();
  }
}
