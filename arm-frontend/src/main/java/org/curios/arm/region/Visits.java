package org.curios.arm.region;

/** Whether visits of a region are long enough to be worth the way there and back. */
final class Visits {
  /** Visits after which that is decided. */
  private static final int MANY = 1 << 16;

  /** Mean instructions of a visit below which warm code that is left seldom is faster. */
  private static final int SHORT = 1000;

  private int shortest = SHORT;
  private int visits;

  /** Instructions of these visits. */
  private long stayed;

  /**
   * Says how soon warm code was left in place of the region, since a visit costs no more than that.
   *
   * @param instructions mean between two instructions without a fast path
   */
  void replaces(double instructions) {
    shortest = (int) Math.min(SHORT, instructions);
  }

  /** Counts a visit of a number of instructions; returns whether visits are still worth it. */
  boolean isWorthIt(long instructions) {
    stayed += instructions;
    if (++visits < MANY) {
      return true;
    }
    boolean isLong = stayed >= (long) MANY * shortest;
    visits = 0;
    stayed = 0;
    return isLong;
  }
}
