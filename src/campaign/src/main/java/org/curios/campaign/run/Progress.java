package org.curios.campaign.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.result.Row;
import org.curios.campaign.result.Tallies;
import org.curios.lab.trial.Outcome.Word;

/** The progress of a campaign's trials, and the use of the host's time; thread-safe. */
public final class Progress {
  private final Plan plan;
  private final long already;
  private final long began = System.nanoTime();
  private final Tallies tallies = new Tallies();
  private long made;
  private long restoring;
  private long simulating;
  private long comparing;

  /**
   * Begins.
   *
   * @param plan of the campaign
   * @param already rows that are there
   */
  public Progress(Plan plan, long already) {
    this.plan = plan;
    this.already = already;
  }

  /** Records a completed trial. */
  public synchronized void note(Row row) {
    made++;
    restoring += row.restoreNs();
    simulating += row.simulateNs();
    comparing += row.compareNs();
    tallies.add(row);
  }

  /** Returns the number of trials since the start. */
  public synchronized long made() {
    return made;
  }

  /** Returns how many rows there are, with those of before. */
  public synchronized long done() {
    return already + made;
  }

  /** Returns how many rows there will be. */
  public long rows() {
    return plan.rows();
  }

  /** Returns the seconds since the beginning. */
  public double seconds() {
    return (System.nanoTime() - began) / 1e9;
  }

  /** Returns how many trials are made in a second. */
  public double rate() {
    return made() / seconds();
  }

  /** Returns the seconds that the rest takes at this rate; infinite before the first trial. */
  public double secondsLeft() {
    return made() == 0 ? Double.POSITIVE_INFINITY : (rows() - done()) / rate();
  }

  /** Returns the outcomes of the trials since the start. */
  public Tallies tallies() {
    return tallies;
  }

  /** Returns a line for people: how far it is, and the current estimate. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d, %.0f/s, %s left; %s %s",
        done(),
        rows(),
        rate(),
        time(secondsLeft()),
        plan.isForeign() ? "unnoticed" : "lossless",
        plan.isForeign()
            ? tallies.all().share(Word.UNNOTICED).text()
            : tallies.all().lossless().text());
  }

  /**
   * Returns milliseconds of host time for each part of a trial.
   *
   * @param storing nanoseconds that it has taken to store all trials
   */
  public synchronized Map<String, Double> cost(long storing) {
    Map<String, Double> all = new LinkedHashMap<>();
    double trials = Math.max(1, made) * 1e6;
    all.put("restore", restoring / trials);
    all.put("simulate", simulating / trials);
    all.put("compare", comparing / trials);
    all.put("store", storing / trials);
    return all;
  }

  /** Returns lines of text on the speed, as in {@link #cost}. */
  public String account(long storing) {
    String text =
        String.format(
            Locale.ROOT, "%,d trials in %.1f s, %.0f a second%n", made(), seconds(), rate());
    if (made() == 0) {
      return text;
    }
    Map<String, Double> cost = cost(storing);
    double sum = cost.values().stream().mapToDouble(Double::doubleValue).sum();
    StringJoiner shares = new StringJoiner(", ");
    cost.forEach((what, ms) -> shares.add(Math.round(100 * ms / sum) + " % to " + what));
    return text + String.format(Locale.ROOT, "A trial takes a core %.1f ms: %s%n", sum, shares);
  }

  private static String time(double seconds) {
    if (Double.isInfinite(seconds)) {
      return "unknown time";
    }
    if (seconds < 100) {
      return Math.round(seconds) + " s";
    }
    return seconds < 6000
        ? Math.round(seconds / 60) + " min"
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
