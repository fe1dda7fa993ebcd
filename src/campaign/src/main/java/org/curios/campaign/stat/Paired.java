package org.curios.campaign.stat;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The same trials under two policies, compared by the exact form of McNemar's test (McNemar,
 * Psychometrika 12, 1947): only trials that end differently say which policy is better.
 *
 * @param both trials that are good under both
 * @param first trials that are good under the first only
 * @param second trials that are good under the second only
 * @param neither trials that are good under none
 */
public record Paired(int both, int first, int second, int neither) {
  /** No pairs yet. */
  public static final Paired NONE = new Paired(0, 0, 0, 0);

  private static final double LEVEL = 0.05;

  /** Returns these pairs and one more. */
  public Paired with(boolean isFirstGood, boolean isSecondGood) {
    return new Paired(
        both + (isFirstGood && isSecondGood ? 1 : 0),
        first + (isFirstGood && !isSecondGood ? 1 : 0),
        second + (!isFirstGood && isSecondGood ? 1 : 0),
        neither + (isFirstGood || isSecondGood ? 0 : 1));
  }

  /** Returns how many pairs there are. */
  public int pairs() {
    return both + first + second + neither;
  }

  /** Returns by how much more often the first one is good, -1 to 1. */
  public double difference() {
    return pairs() == 0 ? 0 : (double) (first - second) / pairs();
  }

  /**
   * Returns how probable a difference at least as great is if both policies are equally good, 0 to
   * 1.
   */
  public double probability() {
    int different = first + second;
    if (different == 0) {
      return 1;
    }
    BinomialDistribution even = BinomialDistribution.of(different, 0.5);
    return Math.min(1, 2 * even.cumulativeProbability(Math.min(first, second)));
  }

  /** Returns whether the difference is significant at 5 %. */
  public boolean isSignificant() {
    return probability() < LEVEL;
  }
}
