package org.curios.arm.code;

import java.util.BitSet;
import org.curios.arm.bus.Bus;

/**
 * Execution counts of blocks that are not translated, and marks of those with compiled code: a byte
 * for each halfword of RAM, by granule, so that rarely executed code takes little cache.
 */
public final class BlockCounts {
  /** Largest count. */
  public static final int MOST = 100;

  /** In place of a count: compiled code has an entry here. */
  public static final byte COMPILED = -1;

  /** In place of a count: a block of {@link WarmCode} begins here. */
  public static final byte WARM = -2;

  private final byte[][] granules;

  /**
   * Begins without counts.
   *
   * @param ramSize bytes of RAM
   */
  BlockCounts(int ramSize) {
    granules = new byte[ramSize / Bus.GRANULE][];
  }

  /** Returns the counts of the granule at an offset in RAM, by {@link #place}. */
  public byte[] of(int physical) {
    byte[] counts = granules[physical >>> Bus.GRANULE_SHIFT];
    return counts != null ? counts : make(physical >>> Bus.GRANULE_SHIFT);
  }

  private byte[] make(int number) {
    granules[number] = new byte[Bus.GRANULE / 2];
    return granules[number];
  }

  /** Returns the place of an instruction in the counts of its granule. */
  public static int place(int physical) {
    return physical >>> 1 & Bus.GRANULE / 2 - 1;
  }

  /**
   * Returns where blocks of one state begin that have run a number of times, with the T bit. Counts
   * do not tell the states apart, but instructions in ARM state are words.
   */
  public static BitSet places(byte[] counts, boolean isThumb, int least) {
    BitSet places = new BitSet(Bus.GRANULE);
    for (int i = 0; i < counts.length; i += isThumb ? 1 : 2) {
      if (counts[i] >= least) {
        places.set(isThumb ? 2 * i | 1 : 2 * i);
      }
    }
    return places;
  }

  /** Returns the count of the code at an offset in RAM, and clears it. */
  int take(int physical) {
    byte[] counts = granules[physical >>> Bus.GRANULE_SHIFT];
    if (counts == null || counts[place(physical)] < 0) {
      return 0;
    }
    int count = counts[place(physical)];
    counts[place(physical)] = 0;
    return count;
  }

  /** Returns the counts of a granule by its number, or null if nothing was counted there. */
  public byte[] ofGranule(int number) {
    return granules[number];
  }

  /** Notes that a block of warm code begins at an offset in RAM, unless compiled code does. */
  void setWarm(int physical) {
    byte[] counts = of(physical);
    if (counts[place(physical)] != COMPILED) {
      counts[place(physical)] = WARM;
    }
  }

  /** Forgets that a block of warm code begins at an offset in RAM. */
  void unsetWarm(int physical) {
    byte[] counts = of(physical);
    if (counts[place(physical)] == WARM) {
      counts[place(physical)] = 0;
    }
  }

  /** Records whether compiled code has an entry at an offset in RAM. */
  void setCompiled(int physical, boolean compiled) {
    of(physical)[place(physical)] = compiled ? COMPILED : 0;
  }
}
