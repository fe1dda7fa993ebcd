package org.curios.shell;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Handles Ctrl-C while results are made: no more work begins, and the process stays until the
 * results so far are printed.
 */
final class Interruption {
  private final CountDownLatch told = new CountDownLatch(1);
  private final int seconds;
  private final String lasting;
  private Thread hook;
  private volatile boolean happened;

  /**
   * Prepares for it.
   *
   * @param seconds limit for the wait after Ctrl-C
   * @param lasting the message if the work does not end by then
   */
  Interruption(int seconds, String lasting) {
    this.seconds = seconds;
    this.lasting = lasting;
  }

  /**
   * Waits for Ctrl-C from now on.
   *
   * @param stop tells the work to end
   */
  void await(Runnable stop) {
    hook = new Thread(() -> interrupt(stop), "results so far");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupt(Runnable stop) {
    happened = true;
    stop.run();
    try {
      if (!told.await(seconds, TimeUnit.SECONDS)) {
        System.err.println("curios: " + lasting);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether Ctrl-C was pressed. */
  boolean happened() {
    return happened;
  }

  /** Waits no longer: the results are printed, or there are none. */
  void end() {
    told.countDown();
    if (!happened) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
