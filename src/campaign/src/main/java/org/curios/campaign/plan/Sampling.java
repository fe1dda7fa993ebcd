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
 * @param window what is covered; null unless it is exhaustive
 */
public record Sampling(
    Method method, long trials, Precision precision, double expected, Window window) {
  /**
   * What exhaustive campaigns cover.
   *
   * @param first number of the first instruction among all that the service carries out, from 0
   * @param instructions how many
   * @param overwritten flips that are overwritten before they are read, so that they need no run;
   *     -1 before the undisturbed run has been traced
   */
  public record Window(long first, int instructions, long overwritten) {}

  /** Makes one that is not exhaustive. */
  public Sampling(Method method, long trials, Precision precision, double expected) {
    this(method, trials, precision, expected, null);
  }

  /** Returns an exhaustive sampling with the result of a trace. */
  public Sampling traced(long runs, long overwritten) {
    Window traced = new Window(window.first, window.instructions, overwritten);
    return new Sampling(method, runs, null, 0, traced);
  }

  /** The most trials of a campaign for each policy. */
  public static final long MOST = 100_000_000;

  /** How trials are spread. */
  public enum Method {
    /** Over the whole fault space: bits times ticks. */
    UNIFORM,
    /** The same number for each kind, and of a kind the same for each service. */
    STRATIFIED,
    /** Kinds by the weights that the plan gives. */
    WEIGHTED,
    /** Every flip of a register in a window, those that do the same by one run. */
    EXHAUSTIVE;

    /** Returns the word for it in plans. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the number of trials, and its derivation, as text. */
  public String text() {
    if (window != null) {
      return String.format(
          Locale.ROOT,
          "%,d runs for every flip of R0 to R14 in %,d instructions",
          trials,
          window.instructions);
    }
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
