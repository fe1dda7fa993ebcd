package org.curios.campaign.run;

/** Runs the missing trials of a campaign. */
public interface Maker {
  /** Runs them, until it has to stop. */
  void run() throws InterruptedException;

  /** Starts no further trials. */
  void stop();

  /**
   * Returns the host time spent on storing trials, in nanoseconds; 0 if they are stored elsewhere.
   */
  default long storing() {
    return 0;
  }
}
