package org.curios.arm.run;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.region.Region;

/** Regions that are built, but whose compiled code is not yet ready. */
final class PendingRegions {
  /** Number of regions that may have failed to compile, above which the oldest is forgotten. */
  private static final int MAX_OVERDUE = 16;

  private final List<Region> regions = new ArrayList<>();

  /** Number of regions that wait for the compiler, or are in it, at which no other is built. */
  private int most = 2;

  /** Limits the waiting regions to one more than the compiler's threads. */
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

  /** Adds a waiting region. */
  void add(Region region) {
    regions.add(region);
    region.probe();
  }

  /** Returns whether no region waits. */
  boolean isEmpty() {
    return regions.isEmpty();
  }

  /** Notices compiled code that has become ready, and requests the rest. */
  void probe() {
    regions.removeIf(region -> region.isCompiled() || region.probe());
  }
}
