package org.curios.campaign.plan;

import java.util.Locale;
import org.curios.campaign.stat.Precision;

/**
 * How trials are chosen, and how many.
 *
 * @param method how they are spread over kinds of faults and services
 * @param trials for each policy
 * @param precision what the number comes from; null if the plan gives the number
 * @param expected the share for which the number was computed, 0 to 1
 */
public record Sampling(Method method, long trials, Precision precision, double expected) {
  /** The most trials of a campaign for each policy. */
  public static final long MOST = 100_000_000;

  /** How trials are spread. */
  public enum Method {
    /** Over the whole fault space: bits times ticks. */
    UNIFORM,
    /** The same number for each kind, and of a kind the same for each service. */
    STRATIFIED,
    /** Kinds by the weights that the plan gives. */
    WEIGHTED;

    /** Returns the word for it in plans. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the number of trials, and what it comes from. */
  public String text() {
    return precision == null
        ? String.format(Locale.ROOT, "%,d trials, %s", trials, method.word())
        : String.format(
            Locale.ROOT,
            "%,d trials, %s: what ±%s takes for a share of %.4g %%",
            trials,
            method.word(),
            precision.toString().substring(1),
            100 * expected);
  }
}
