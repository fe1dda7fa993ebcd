package org.curios.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Buffers output of the guest, so that a character costs little, and passes it on within a few
 * milliseconds.
 */
final class ConsoleFlusher implements AutoCloseable {
  private static final int PERIOD_MILLISECONDS = 10;

  private final PrintStream buffered;
  private volatile long printed;
  private volatile boolean closed;

  ConsoleFlusher(PrintStream target) {
    buffered =
        new PrintStream(
            new BufferedOutputStream(target, 8192) {
              @Override
              public synchronized void flush() throws IOException {
                printed += count;
                super.flush();
              }
            },
            false);
    Thread thread = new Thread(this::flushOften, "console output");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns a number that grows while the guest prints. */
  long printed() {
    return printed;
  }

  PrintStream stream() {
    return buffered;
  }

  void flush() {
    buffered.flush();
  }

  private void flushOften() {
    try {
      while (!closed) {
        Thread.sleep(PERIOD_MILLISECONDS);
        buffered.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    buffered.flush();
  }
}
