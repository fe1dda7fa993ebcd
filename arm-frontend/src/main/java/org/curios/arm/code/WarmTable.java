package org.curios.arm.code;

import java.util.Arrays;
import org.curios.arm.bus.Bus;

/** The warm code of each granule of RAM; the blocks in it are marked in {@link BlockCounts}. */
final class WarmTable {
  private final WarmCode[] codes;
  private final BlockCounts counts;
  private int halfwords;
  private int drops;

  WarmTable(int ramSize, BlockCounts counts) {
    codes = new WarmCode[ramSize / Bus.GRANULE];
    this.counts = counts;
  }

  /** Returns the warm code of the granule at an offset in RAM, or null. */
  WarmCode at(int physical) {
    return codes[physical >>> Bus.GRANULE_SHIFT];
  }

  /** Returns the warm code that the block at an address can be entered in, or null. */
  WarmCode at(int pc, int physical) {
    WarmCode code = at(physical);
    return code != null && entrance(code, pc, physical) >= 0 ? code : null;
  }

  /** Marks the place of a block that can be entered in warm code; returns whether it is one. */
  boolean mark(int pc, int physical) {
    boolean isThere = at(pc, physical) != null;
    if (isThere) {
      counts.setWarm(physical);
    }
    return isThere;
  }

  private static int entrance(WarmCode code, int pc, int physical) {
    return Arrays.binarySearch(code.entrances(), place(pc, physical));
  }

  private static int place(int pc, int physical) {
    return physical & Bus.GRANULE - 1 | pc & 1;
  }

  /** Returns the warm code that the block at an address is part of, or null. */
  WarmCode with(int pc, int physical) {
    WarmCode code = at(physical);
    return code != null && code.blockAt(place(pc, physical)) >= 0 ? code : null;
  }

  /** Returns how often code was removed so far. */
  int drops() {
    return drops;
  }

  /** Cuts all ways from one granule's code to another's. */
  void cut() {
    for (WarmCode code : codes) {
      if (code != null) {
        code.cut();
      }
    }
  }

  /** Returns how many halfwords of the guest are in warm code. */
  int halfwords() {
    return halfwords;
  }

  /**
   * Adds the code of a granule that has none.
   *
   * @param made how many halfwords it was made of
   */
  void put(WarmCode code, int made) {
    halfwords += made;
    codes[code.granule()] = code;
    code.setValid(true);
    for (int place : code.entrances()) {
      counts.setWarm(code.granule() * Bus.GRANULE + place);
    }
  }

  /**
   * Removes the code of a granule, if it has any.
   *
   * @param made how many halfwords it was made of
   */
  void remove(int number, int made) {
    WarmCode code = codes[number];
    if (code != null) {
      drops++;
      halfwords -= made;
      codes[number] = null;
      code.setValid(false);
      for (int place : code.entrances()) {
        counts.unsetWarm(number * Bus.GRANULE + place);
      }
    }
  }

  /** Returns how often the block at an address has run in warm code since the last call. */
  int takeCount(int pc, int physical) {
    WarmCode code = at(physical);
    int number = code == null ? -1 : code.blockAt(place(pc, physical));
    if (number < 0) {
      return 0;
    }
    code.counts();
    return code.takeCount(number);
  }
}
