package org.curios.machine.engine;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * What tools log, a line each; without what the debug adapter finds in a socket whose other end has
 * gone, which is the way in which debuggers leave.
 */
final class ToolLog extends Handler {
  private static final String ADAPTER = "dap";

  private final PrintStream to;

  ToolLog(OutputStream to) {
    this.to = new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  @Override
  public void publish(LogRecord entry) {
    boolean left =
        entry.getLoggerName().startsWith(ADAPTER)
            && (entry.getThrown() instanceof java.io.IOException
                || entry.getThrown() instanceof UncheckedIOException);
    if (!left) {
      to.println("[" + entry.getLoggerName() + "] " + entry.getLevel() + ": " + entry.getMessage());
    }
  }

  @Override
  public void flush() {
    to.flush();
  }

  @Override
  public void close() {}
}
