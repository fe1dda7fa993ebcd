package org.curios.arm.run;

import java.util.List;
import org.curios.arm.code.WarmCode;

/** Finds the block that warm code runs most often, a few granules at a time. */
final class HotBlocks {
  /** Granules that are looked at in one step. */
  private static final int STEP = 32;

  private int next;
  private WarmCode hottest;
  private int number;
  private int executions;

  /**
   * Looks at some of the warm code.
   *
   * @return whether all of it has been seen since the last time that this was so, so that the
   *     hottest block is known
   */
  boolean look(List<WarmCode> all) {
    if (next == 0) {
      hottest = null;
      executions = 0;
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
      if (since > executions && code.isCompilable(i)) {
        executions = since;
        hottest = code;
        number = i;
      }
    }
  }

  /** Returns whether any block has run. */
  boolean isFound() {
    return hottest != null && hottest.isValid();
  }

  /** Returns the address of the hottest block, with the T bit. */
  int pc() {
    return hottest.base() + hottest.entrances()[number];
  }

  /** Returns its offset in RAM. */
  int physical() {
    return hottest.physicalOf(number);
  }

  /** Returns how often it has run since its code was made. */
  int total() {
    return hottest.counts()[number];
  }

  /** Returns how often it has run since it was looked at before. */
  int executions() {
    return executions;
  }

  /** Leaves the block out until it has run much more often. */
  void leaveOut(int least) {
    hottest.leaveOut(number, least);
  }
}
