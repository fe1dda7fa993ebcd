package org.curios.campaign.space;

import java.util.SplittableRandom;

/** Random choices of trials, which depend on the plan's seed and the trial's number only. */
public final class Draws {
  private Draws() {}

  /** Returns the random numbers of a trial. */
  public static SplittableRandom of(long seed, long number) {
    return new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number * 0xbf58476d1ce4e5b9L);
  }

  /**
   * Chooses one of several by their weights.
   *
   * @param sums of the weights up to each, this one included
   * @return its index
   */
  public static int weighted(double[] sums, SplittableRandom random) {
    double at = random.nextDouble() * sums[sums.length - 1];
    int i = 0;
    while (sums[i] <= at) {
      i++;
    }
    return i;
  }
}
