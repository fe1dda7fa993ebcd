package org.curios.machine.engine;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * The log of tools, a line per message; without the errors of the debug adapter when the other end
 * of a socket has closed, which is how debuggers leave.
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
