package org.curios.bench;

import java.util.function.BooleanSupplier;

/**
 * Ends a run after its time limit, but not before it has printed a few lines: on a busy host a
 * measurement takes longer, but is not empty.
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
   * Starts to watch.
   *
   * @param enough whether the run may end before its limit
   * @param end what ends the run
   */
  Deadline(Job job, LineClock clock, BooleanSupplier enough, Runnable end) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                while (!isOver(job.limit(), clock, enough)) {
                  Thread.sleep(POLL_MILLISECONDS);
                }
                passed = true;
                end.run();
              } catch (InterruptedException e) {
                // the run is over
              }
            });
  }

  private static boolean isOver(double limit, LineClock clock, BooleanSupplier enough) {
    double seconds = clock.seconds();
    if (clock.count() < FEWEST_LINES) {
      return seconds > limit * PATIENCE + GRACE;
    }
    return seconds > limit || enough.getAsBoolean();
  }

  /** Returns whether this has ended the run. */
  boolean passed() {
    return passed;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
