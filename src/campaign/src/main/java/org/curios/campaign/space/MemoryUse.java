package org.curios.campaign.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.curios.arm.bus.Bus;
import org.curios.campaign.space.DefUse.FlipClass;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.AccessTrace;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.FaultClass;

/**
 * The flips of a service's private data, heap and stack in a window of its execution, in classes by
 * the run's accesses to each byte, by the service or by the kernel, which checksums its data or
 * saves its stack. A byte of the stack is part of the window while the stack includes it.
 */
final class MemoryUse implements AccessTrace.Observer {
  /** Bytes of the addresses of an object. */
  private static final int REGION = 1 << 20;

  private static final int OUTSIDE = -1;

  private final String service;
  private final List<String> places;
  private final List<Long> ticks;
  private final List<FlipClass> classes = new ArrayList<>();
  private long overwritten;
  private long flips;

  /** Number of the last tick of the window that was reached. */
  private int index = -1;

  private BitSet present = new BitSet();
  private int region;

  /** By byte, the tick since which it is in the window and was not accessed. */
  private final int[] since = new int[REGION];

  /** By byte, ticks without an access that were before it left the window for a time. */
  private final int[] before = new int[REGION];

  /** By byte, the first of all ticks without an access, and the last one before it left. */
  private final int[] first = new int[REGION];

  private final int[] last = new int[REGION];

  /** Where granules of the object are: number of the granule in the object by physical number. */
  private final Map<Integer, Integer> granules = new HashMap<>();

  private MemoryUse(String service, List<String> places, List<Long> ticks) {
    this.service = service;
    this.places = places;
    this.ticks = ticks;
    Arrays.fill(since, OUTSIDE);
  }

  /**
   * Traces a window.
   *
   * @param places as plans name parts of private memory; empty for all
   * @param ticks of the window, in their order
   */
  static DefUse trace(Baseline baseline, String service, List<String> places, List<Long> ticks) {
    MemoryUse use = new MemoryUse(service, places, ticks);
    use.end(AccessTrace.follow(baseline, ticks, use));
    use.classes.sort(Comparator.comparingLong(FlipClass::tick).thenComparing(FlipClass::place));
    return new DefUse(use.classes, Byte.SIZE, Byte.SIZE * use.flips, Byte.SIZE * use.overwritten);
  }

  @Override
  public void before(View v, long tick) {
    Obj o = v.object(service);
    region = v.memory().section(o) << 20;
    BitSet now = new BitSet(REGION);
    for (MachinePlaces.Range r : Ranges.of(v, FaultClass.PRIVATE, service, places)) {
      now.set((int) r.start() & REGION - 1, (int) (r.end() - 1 & REGION - 1) + 1);
    }
    BitSet changed = (BitSet) now.clone();
    changed.xor(present);
    changed.stream()
        .forEach(b -> {
          if (present.get(b)) {
            before[b] += index + 1 - since[b];
            last[b] = index;
            since[b] = OUTSIDE;
          }
        });
    index++;
    changed.stream()
        .forEach(b -> {
          if (now.get(b)) {
            since[b] = index;
            first[b] = before[b] == 0 ? index : first[b];
            granules.computeIfAbsent(
                v.memory().physical(o, region + b) >>> Bus.GRANULE_SHIFT,
                g -> b >>> Bus.GRANULE_SHIFT);
          }
        });
    present = now;
    flips += now.cardinality();
  }

  @Override
  public void accessed(int physical, int bytes, boolean store) {
    Integer granule = granules.get(physical >>> Bus.GRANULE_SHIFT);
    if (granule != null) {
      int start = granule << Bus.GRANULE_SHIFT | physical & Bus.GRANULE - 1;
      for (int b = start; b < start + bytes; b++) {
        settle(b, !store);
      }
    }
  }

  /** Ends the class before an access. */
  private void settle(int b, boolean matters) {
    boolean inside = since[b] != OUTSIDE;
    int weight = before[b] + (inside ? index + 1 - since[b] : 0);
    if (weight > 0 && matters) {
      String place = MachinePlaces.hex(Integer.toUnsignedLong(region + b));
      int end = inside ? index : last[b];
      classes.add(new FlipClass(place, ticks.get(first[b]), ticks.get(end), weight));
    } else {
      overwritten += weight;
    }
    before[b] = 0;
    if (inside) {
      since[b] = index + 1;
      first[b] = index + 1;
    }
  }

  /** Ends the window: remaining flips matter where they are read later. */
  private void end(IntPredicate isRead) {
    granules.forEach((physical, granule) -> {
      for (int i = 0; i < Bus.GRANULE; i++) {
        settle(granule * Bus.GRANULE + i, isRead.test(physical * Bus.GRANULE + i));
      }
    });
  }
}
