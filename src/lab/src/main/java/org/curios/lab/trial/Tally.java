package org.curios.lab.trial;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many trials have come to which outcome; for several threads. */
public final class Tally {
  /** The normal distribution's quantile for 95 %. */
  private static final double Z = 1.959963984540054;

  private final EnumMap<Outcome.Word, Integer> words = new EnumMap<>(Outcome.Word.class);
  private int trials;
  private int detected;
  private int foreignSsrBytes;

  /**
   * A share and where the true one lies with a probability of 95 %, by Wilson's score interval.
   *
   * @param share 0 to 1; not a number without any trial
   * @param low 0 to 1
   * @param high 0 to 1
   */
  public record Interval(double share, double low, double high) {
    /** Returns the interval of so many of so many. */
    public static Interval of(int some, int all) {
      if (all == 0) {
        return new Interval(Double.NaN, 0, 1);
      }
      double p = (double) some / all;
      double z2 = Z * Z / all;
      double middle = (p + z2 / 2) / (1 + z2);
      double half = Z * Math.sqrt(p * (1 - p) / all + z2 / (4 * all)) / (1 + z2);
      return new Interval(p, Math.max(0, middle - half), Math.min(1, middle + half));
    }
  }

  /** Adds a trial. */
  public synchronized void add(Outcome outcome) {
    trials++;
    words.merge(outcome.word(), 1, Integer::sum);
    detected += outcome.detected() ? 1 : 0;
    foreignSsrBytes += outcome.foreignSsrBytes();
  }

  /** Returns how many trials there were. */
  public synchronized int trials() {
    return trials;
  }

  /** Returns how many had an outcome. */
  public synchronized int of(Outcome.Word word) {
    return words.getOrDefault(word, 0);
  }

  /** Returns how many faults had any effect. */
  public synchronized int manifested() {
    return trials - of(Outcome.Word.UNNOTICED);
  }

  /** Returns of the faults that had an effect how many no client noticed. */
  public Interval lossless() {
    return Interval.of(of(Outcome.Word.RECOVERED), manifested());
  }

  /** Returns of the faults that were detected how many no client noticed. */
  public synchronized Interval losslessOfDetected() {
    return Interval.of(of(Outcome.Word.RECOVERED), detected);
  }

  /** Returns the numbers by the names that they have in JSON. */
  public synchronized Map<String, Integer> numbers() {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put("trials", trials);
    all.put("manifested", manifested());
    all.put("detected", detected);
    all.put("lossless", of(Outcome.Word.RECOVERED));
    all.put("silent", of(Outcome.Word.SILENT));
    all.put("degraded", of(Outcome.Word.DEGRADED));
    all.put("service_lost", of(Outcome.Word.SERVICE_LOST));
    all.put("system_lost", of(Outcome.Word.SYSTEM_LOST));
    all.put("foreign_ssr_bytes", foreignSsrBytes);
    return all;
  }
}
