package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.arm.bus.Bus;

/**
 * Whether the undisturbed run first reads or first writes each byte of RAM after each of its
 * moments. A byte that is written before it is read, or not accessed again, is dead: its value
 * makes no difference to the rest of the run (Smith and others, IEEE Transactions on Reliability
 * 44, 1995).
 */
public final class Liveness {
  /** Words of a set of the bytes of a granule. */
  public static final int WORDS = Bus.GRANULE / Long.SIZE;

  /**
   * The accesses to a granule in the interval between two moments.
   *
   * @param interval number of the moment at its start
   * @param first the set of the bytes that are read first, and after it of those written first
   */
  private record Use(int interval, long[] first) {}

  private final List<List<Use>> uses;
  private final long[][] present;
  private final List<Integer> touched = new ArrayList<>();

  /**
   * Starts without any access.
   *
   * @param ramSize bytes
   */
  public Liveness(int ramSize) {
    int granules = ramSize / Bus.GRANULE;
    uses = new ArrayList<>(java.util.Collections.nCopies(granules, null));
    present = new long[granules][];
  }

  // ---- while the run is traced

  /** Records an access in the current interval. */
  public void note(int physical, int bytes, boolean store) {
    int granule = physical >>> Bus.GRANULE_SHIFT;
    long[] first = present[granule];
    if (first == null) {
      first = new long[2 * WORDS];
      present[granule] = first;
      touched.add(granule);
    }
    int word = (physical & Bus.GRANULE - 1) / Long.SIZE;
    long mask = (1L << bytes) - 1 << physical;
    first[store ? WORDS + word : word] |= mask & ~(first[word] | first[WORDS + word]);
  }

  /** Records that instructions were fetched in the current interval, by words of their granule. */
  public void noteFetched(int granule, long[] words) {
    for (int i = 0; i < Bus.GRANULE / 4; i++) {
      if ((words[i / Long.SIZE] >>> i & 1) != 0) {
        noteRead(granule * Bus.GRANULE + 4 * i, 4);
      }
    }
  }

  /** Records that bytes are read in the current interval, possibly before any other access. */
  public void noteRead(int physical, int bytes) {
    note(physical, bytes, false);
    long[] first = present[physical >>> Bus.GRANULE_SHIFT];
    int word = (physical & Bus.GRANULE - 1) / Long.SIZE;
    long mask = (1L << bytes) - 1 << physical;
    first[word] |= mask;
    first[WORDS + word] &= ~mask;
  }

  /** Ends the interval that began at a moment; intervals end in their order. */
  public void end(int interval) {
    for (int granule : touched) {
      List<Use> all = uses.get(granule);
      if (all == null) {
        all = new ArrayList<>();
        uses.set(granule, all);
      }
      all.add(new Use(interval, present[granule]));
      present[granule] = null;
    }
    touched.clear();
  }

  // ---- when it was

  /**
   * Removes from a set the bytes that are dead at a moment.
   *
   * @param bytes a set of the bytes of a granule
   * @return those of them that the run never accesses again
   */
  public long[] keepLive(int granule, int moment, long[] bytes) {
    long[] left = bytes.clone();
    Arrays.fill(bytes, 0);
    List<Use> all = uses.get(granule);
    for (int i = all == null ? 0 : from(all, moment); all != null && i < all.size(); i++) {
      long[] first = all.get(i).first;
      long any = 0;
      for (int w = 0; w < WORDS; w++) {
        bytes[w] |= left[w] & first[w];
        left[w] &= ~(first[w] | first[WORDS + w]);
        any |= left[w];
      }
      if (any == 0) {
        break;
      }
    }
    return left;
  }

  /** Returns the place of the first use at a moment or after it. */
  private static int from(List<Use> all, int moment) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).interval < moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
