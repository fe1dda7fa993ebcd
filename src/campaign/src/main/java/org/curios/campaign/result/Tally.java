package org.curios.campaign.result;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.curios.campaign.stat.Share;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Outcome.Word;

/** The number of trials by outcome; thread-safe. */
public final class Tally {
  private final EnumMap<Word, Integer> words = new EnumMap<>(Word.class);
  private int trials;
  private int detected;
  private long foreignSsrBytes;

  /** Adds a trial. */
  public synchronized void add(Row row) {
    trials++;
    words.merge(word(row), 1, Integer::sum);
    detected += row.detected() ? 1 : 0;
    foreignSsrBytes += row.foreignBytes();
  }

  /** Returns the outcome of a trial. */
  public static Word word(Row row) {
    for (Word w : Word.values()) {
      if (w.toString().equals(row.outcome())) {
        return w;
      }
    }
    throw new IllegalArgumentException(row.outcome());
  }

  /** Returns how many trials there were. */
  public synchronized int trials() {
    return trials;
  }

  /** Returns how many had an outcome. */
  public synchronized int of(Outcome.Word word) {
    return words.getOrDefault(word, 0);
  }

  /** Returns how many faults the kernel noticed. */
  public synchronized int detected() {
    return detected;
  }

  /** Returns how many bytes of states of others differ, in all trials together. */
  public synchronized long foreignSsrBytes() {
    return foreignSsrBytes;
  }

  /** Returns how many faults had any effect. */
  public synchronized int manifested() {
    return trials - of(Word.UNNOTICED);
  }

  /** Returns how many trials were not as they should be: neither unnoticed nor recovered. */
  public synchronized int failures() {
    return manifested() - of(Word.RECOVERED);
  }

  /** Returns the share of trials with an outcome. */
  public synchronized Share share(Word word) {
    return new Share(of(word), trials);
  }

  /** Returns of the faults that had an effect how many no client noticed. */
  public synchronized Share lossless() {
    return new Share(of(Word.RECOVERED), manifested());
  }

  /** Returns of the faults that were detected how many no client noticed. */
  public synchronized Share losslessOfDetected() {
    return new Share(of(Word.RECOVERED), detected);
  }

  /** Returns the numbers by the names that they have in JSON. */
  public synchronized Map<String, Long> numbers() {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("trials", (long) trials);
    all.put("manifested", (long) manifested());
    all.put("detected", (long) detected);
    all.put("lossless", (long) of(Word.RECOVERED));
    all.put("silent", (long) of(Word.SILENT));
    all.put("degraded", (long) of(Word.DEGRADED));
    all.put("service_lost", (long) of(Word.SERVICE_LOST));
    all.put("system_lost", (long) of(Word.SYSTEM_LOST));
    all.put("foreign_ssr_bytes", foreignSsrBytes);
    return all;
  }
}
