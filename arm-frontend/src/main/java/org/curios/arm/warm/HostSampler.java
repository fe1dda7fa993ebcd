package org.curios.arm.warm;

/**
 * Decides when machine code is interrupted to see which block runs: after numbers of instructions
 * that vary, so that no loop keeps in step with them, but are the same in each run. A counter in
 * each block would cost a tenth to a fifth of the speed.
 */
final class HostSampler {
  private static final int LEAST = 24_000;

  /** A power of two. */
  private static final int SPREAD = 1 << 14;

  private int random = 1;
  private int period = LEAST;
  private int left = LEAST;

  /** Returns how much of a budget to spend before the next sample. */
  int slice(int budget) {
    return Math.min(budget, left);
  }

  /** Notes instructions that have run. */
  void ran(int instructions) {
    left -= instructions;
  }

  /** Takes a sample; returns the instructions that it stands for. */
  int take() {
    int taken = period - left;
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    period = LEAST + (random & SPREAD - 1);
    left = period;
    return taken;
  }
}
