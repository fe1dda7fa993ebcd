package org.curios.campaign.stat;

import java.util.Locale;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/**
 * A number of trials out of a larger number, and where the true share lies with a probability of 95
 * %, by Wilson's score interval (Wilson, JASA 22, 1927).
 *
 * @param some trials that count, 0 to {@code all}
 * @param all trials
 */
public record Share(int some, int all) {
  private static final double ERROR_RATE = 0.05;
  private static final int MANY = 1000;

  /** Returns the share, 0 to 1; not a number without any trial. */
  public double value() {
    return all == 0 ? Double.NaN : (double) some / all;
  }

  /** Returns the lower end of the interval, 0 to 1. */
  public double low() {
    return all == 0 || some == 0 ? 0 : interval().getLowerBound();
  }

  /** Returns the upper end of the interval, 0 to 1. */
  public double high() {
    return all == 0 || some == all ? 1 : interval().getUpperBound();
  }

  private Interval interval() {
    return BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(all, some, ERROR_RATE);
  }

  /**
   * Returns the share with its interval in percent, with two decimals from {@value #MANY} trials
   * on; a dash without any trial. Only no trial at all is 0 %, and only every trial is 100 %.
   */
  public String text() {
    if (all == 0) {
      return "-";
    }
    int decimals = all < MANY ? 1 : 2;
    double least = Math.pow(10, -decimals);
    double lowest = some == 0 ? 0 : least;
    double highest = some == all ? 100 : 100 - least;
    double percent = Math.clamp(100 * value(), lowest, highest);
    String number = "%." + decimals + "f";
    String form = number + " %% (" + number + "-" + number + ")";
    return String.format(
        Locale.ROOT,
        form,
        percent,
        Math.min(100 * low(), percent),
        Math.max(100 * high(), percent));
  }
}
