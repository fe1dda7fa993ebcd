package org.curios.lab.trial;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The outcome of a trial.
 *
 * @param word the word for it
 * @param detected whether the kernel noticed anything
 * @param by what noticed it first; empty if nothing did
 * @param foreign server state regions that differ from the undisturbed run, of clients that were
 *     neither hit nor got an error, with the number of differing bytes
 * @param client the client whose request or state was hit; empty if there is none
 * @param differences the first one of each client
 * @param card empty if the card is as after the undisturbed run; otherwise what e2fsck says of it:
 *     {@code clean}, {@code damaged}, or {@code unchecked} where there is no e2fsck
 * @param ticks how long the run was
 */
public record Outcome(
    Word word,
    boolean detected,
    String by,
    Map<String, Integer> foreign,
    String client,
    List<Difference> differences,
    String card,
    long ticks) {
  /** The outcomes, from harmless to worst. */
  public enum Word {
    /** Nothing was detected, and every client saw what it sees undisturbed. */
    UNNOTICED("unnoticed"),
    /** Detected, and every client saw what it sees undisturbed. */
    RECOVERED("recovered"),
    /** A client got an error. */
    DEGRADED("recovered-degraded"),
    /** A client saw something else, or something else was printed, without an error. */
    SILENT("silent corruption"),
    /** A service was given up. */
    SERVICE_LOST("service lost"),
    /** The clients did not reach their end. */
    SYSTEM_LOST("system lost");

    private final String text;

    Word(String text) {
      this.text = text;
    }

    /**
     * Returns the word for a run that reached its end.
     *
     * @param failed whether a service was given up
     * @param detected whether the kernel detected anything
     * @param differs whether any client saw something else than in the undisturbed run
     * @param told whether each of those clients got an error
     */
    public static Word of(boolean failed, boolean detected, boolean differs, boolean told) {
      if (failed) {
        return SERVICE_LOST;
      }
      if (differs) {
        return told ? DEGRADED : SILENT;
      }
      return detected ? RECOVERED : UNNOTICED;
    }

    /** Returns whether every client saw what it sees undisturbed. */
    public boolean isGood() {
      return this == UNNOTICED || this == RECOVERED;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Where a client first saw something else than in the undisturbed run.
   *
   * @param client which
   * @param service the service whose result differs; null if the difference is not a result
   * @param what a request or a line
   * @param expected what it saw undisturbed
   * @param got what it saw
   * @param told whether it got an error
   * @param result whether what a request returned differs, or whether there was one
   * @param data whether what was read or printed differs
   */
  public record Difference(
      String client,
      String service,
      String what,
      String expected,
      String got,
      boolean told,
      boolean result,
      boolean data) {
    /** Creates the difference of a run that took a different course. */
    public static Difference ofRun(
        String client, String what, String expected, String got, boolean told) {
      return new Difference(client, null, what, expected, got, told, true, true);
    }

    /** Creates a difference in printed text. */
    static Difference ofText(
        String client, String what, String expected, String got, boolean told) {
      return new Difference(client, null, what, expected, got, told, false, true);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %s gave %s instead of %s%s",
          client,
          what,
          got,
          expected,
          told ? ", an error that it got" : "");
    }
  }

  /** Returns the same outcome, known at another tick. */
  Outcome knownAt(long tick) {
    return new Outcome(word, detected, by, foreign, client, differences, card, tick);
  }

  /** Returns the number of bytes by which server state regions of others differ. */
  public int foreignSsrBytes() {
    return foreign.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Returns whether the fault had any effect. */
  public boolean manifested() {
    return word != Word.UNNOTICED;
  }

  /** Returns whether the fault had an effect and no client noticed. */
  public boolean lossless() {
    return word == Word.RECOVERED;
  }
}
