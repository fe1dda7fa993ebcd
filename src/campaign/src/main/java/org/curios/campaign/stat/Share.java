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

  /** Returns the share with its interval in percent; a dash without any trial. */
  public String text() {
    return all == 0
        ? "-"
        : String.format(
            Locale.ROOT, "%.1f %% (%.1f-%.1f)", 100 * value(), 100 * low(), 100 * high());
  }
}
