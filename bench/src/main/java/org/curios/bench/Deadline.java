package org.curios.bench;

/**
 * Ends a run at its limit, but not before it has printed a few lines: a busy host makes a
 * measurement longer, not empty.
 */
final class Deadline implements AutoCloseable {
  private static final int FEWEST_LINES = 4;
  private static final long POLL_MILLISECONDS = 20;

  /** Times the limit, and seconds more, after which a run is ended whatever it has printed. */
  private static final double PATIENCE = 10;

  private static final double GRACE = 60;

  private final Thread thread;
  private volatile boolean passed;

  /**
   * Starts the clock.
   *
   * @param end what ends the run
   */
  Deadline(Job job, LineClock clock, Runnable end) {
    thread = Thread.ofPlatform().daemon().start(() -> watch(job.limit(), clock, end));
  }

  private void watch(double limit, LineClock clock, Runnable end) {
    try {
      while (clock.seconds() < (clock.count() < FEWEST_LINES ? limit * PATIENCE + GRACE : limit)) {
        Thread.sleep(POLL_MILLISECONDS);
      }
      passed = true;
      end.run();
    } catch (InterruptedException e) {
      // the run is over
    }
  }

  /** Returns whether it was the limit that has ended the run. */
  boolean passed() {
    return passed;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
