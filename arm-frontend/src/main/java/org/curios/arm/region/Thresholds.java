package org.curios.arm.region;

/**
 * When code is worth compiling.
 *
 * @param hot executions of a block in the interpreter that make it hot
 * @param warm executions that a block needs to become part of a region
 * @param selective whether a block must be hotter for a region that gains little
 * @param probeStride dispatches to a region between two checks for its code
 */
public record Thresholds(int hot, int warm, boolean selective, int probeStride) {
  /** For normal runs. */
  public static final Thresholds USUAL = new Thresholds(500, 5, true, 16);

  /** Compiles every block at its second execution, for tests of compiled code. */
  public static final Thresholds IMMEDIATE = new Thresholds(2, 1, false, 1);

  /**
   * How much hotter a block must be to get its own region if it is inside another region already,
   * or if nearly all code around it is.
   */
  private static final int COVERED = 200;

  /** Returns the executions at which a block gets a region although others cover it. */
  public int hotIfCovered() {
    return hot * COVERED;
  }

  /** Returns whether a block has reached a multiple of some executions. */
  public static boolean passes(int multiple, int before, int after) {
    return before / multiple != after / multiple;
  }
}
