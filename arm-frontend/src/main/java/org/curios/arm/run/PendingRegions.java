package org.curios.arm.run;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.region.Region;

/** Regions that are built and whose compiled code is missing so far. */
final class PendingRegions {
  /** Regions that may have failed to compile from which on the oldest is forgotten. */
  private static final int MAX_OVERDUE = 16;

  private final List<Region> regions = new ArrayList<>();

  /** Regions that wait for the compiler, or are with it, from which on none is built. */
  private int most = 2;

  /** Limits the waiting regions to one more than those on which the compiler's threads work. */
  void limit(int threads) {
    most = threads + 1;
  }

  /** Returns whether one more region may wait for the compiler. */
  boolean hasRoom() {
    probe();
    if (regions.size() >= most + MAX_OVERDUE) {
      regions.removeFirst();
    }
    return regions.stream().filter(region -> !region.isOverdue()).count() < most;
  }

  /** Has a region wait. */
  void add(Region region) {
    regions.add(region);
    region.probe();
  }

  /** Returns whether no region waits. */
  boolean isEmpty() {
    return regions.isEmpty();
  }

  /** Takes note of the code that is there now, and requests that which is not. */
  void probe() {
    regions.removeIf(region -> region.isCompiled() || region.probe());
  }
}
