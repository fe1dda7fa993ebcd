package org.curios.campaign.run;

/** Makes the trials of a campaign that are missing. */
public interface Maker {
  /** Makes them, until it has to stop. */
  void run() throws InterruptedException;

  /** Lets no more trials begin. */
  void stop();

  /**
   * Returns the host time that it has taken to store trials, in nanoseconds; 0 if it is elsewhere.
   */
  default long storing() {
    return 0;
  }
}
