package org.curios.campaign.plan;

import java.util.Locale;
import org.curios.campaign.stat.Precision;

/**
 * How trials are chosen, and how many.
 *
 * @param method how they are spread over kinds of faults and services
 * @param trials for each policy
 * @param precision the precision that determines the number; null if the plan has the number
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
   * @param what the places: {@code R0 to R14}, or {@code private memory}
   * @param flips all that there are; -1 before the undisturbed run has been traced
   * @param overwritten those that are overwritten before they are read, or never read, so that they
   *     need no run; -1 before
   */
  public record Window(long first, int instructions, String what, long flips, long overwritten) {}

  /** Makes one that is not exhaustive. */
  public Sampling(Method method, long trials, Precision precision, double expected) {
    this(method, trials, precision, expected, null);
  }

  /** Returns an exhaustive sampling of certain places. */
  public Sampling of(String what) {
    Window named = new Window(window.first, window.instructions, what, -1, -1);
    return new Sampling(method, trials, null, 0, named);
  }

  /** Returns an exhaustive sampling with the result of a trace. */
  public Sampling traced(long runs, long flips, long overwritten) {
    Window traced = new Window(window.first, window.instructions, window.what, flips, overwritten);
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
    /** Every flip of registers or memory in a window, those that do the same by one run. */
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
          "%,d runs for every flip of %s in %,d instructions",
          trials,
          window.what,
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
