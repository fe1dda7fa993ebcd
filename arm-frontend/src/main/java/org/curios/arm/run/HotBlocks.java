package org.curios.arm.run;

import java.util.Arrays;
import java.util.List;
import org.curios.arm.code.WarmCode;

/** Finds the block that warm code runs most often, a few granules at a time. */
final class HotBlocks {
  /** Granules that are examined in one step. */
  private static final int STEP = 32;

  private int next;
  private WarmCode hottest;
  private int number;
  private int executions;

  /** Instructions in blocks, and how many of them ran, by the magnitude of the executions. */
  private final int[] present = new int[Integer.SIZE];

  private final long[] ran = new long[Integer.SIZE];

  /**
   * Examines some of the warm code.
   *
   * @return whether all of it has now been examined, so that the hottest block is known
   */
  boolean look(List<WarmCode> all) {
    if (next == 0) {
      hottest = null;
      executions = 0;
      Arrays.fill(present, 0);
      Arrays.fill(ran, 0);
    }
    int end = Math.min(next + STEP, all.size());
    for (; next < end; next++) {
      look(all.get(next));
    }
    if (next < all.size()) {
      return false;
    }
    next = 0;
    return true;
  }

  private void look(WarmCode code) {
    int[] counts = code.counts();
    for (int i = 0; i < counts.length; i++) {
      int since = code.countSinceLook(i);
      if (since > 0) {
        int magnitude = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(since);
        present[magnitude] += code.length(i);
        ran[magnitude] += (long) since * code.length(i);
      }
      if (since > executions && code.isCompilable(i)) {
        executions = since;
        hottest = code;
        number = i;
      }
    }
  }

  /**
   * Returns how many instructions ran in the hottest blocks.
   *
   * @param approximate maximum number of instructions of these blocks
   */
  long ranIn(int most) {
    long sum = 0;
    int left = most;
    for (int magnitude = Integer.SIZE - 1; magnitude >= 0 && left > 0; magnitude--) {
      if (present[magnitude] > 0) {
        sum += ran[magnitude] * Math.min(left, present[magnitude]) / present[magnitude];
        left -= present[magnitude];
      }
    }
    return sum;
  }

  /** Returns whether any block has run. */
  boolean isFound() {
    return hottest != null && hottest.isValid();
  }

  /** Returns the address of the hottest block, with the T bit. */
  int pc() {
    return hottest.base() + hottest.places()[number];
  }

  /** Returns its offset in RAM. */
  int physical() {
    return hottest.physicalOf(number);
  }

  /** Returns how often it has run between the last two looks at it. */
  int sinceLook() {
    return executions;
  }

  /** Returns how often it has run since its code was made. */
  int total() {
    return hottest.counts()[number];
  }

  /** Skips the block until it has run that much more often. */
  void leaveOut(long least) {
    hottest.leaveOut(number, least);
  }
}
