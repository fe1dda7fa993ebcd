package org.curios.lab.debug;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The output of tools, line by line, without the debug adapter's messages about its own port, its
 * end, and debuggers that have disconnected: {@link DapGate} reports the port to connect to.
 */
public final class ToolMessages extends OutputStream {
  private static final String ADAPTER = "[Graal DAP] ";

  /**
   * Start of the engine's message that the adapter could not send to a debugger that has
   * disconnected.
   */
  private static final String UNSENT = "java.lang.Exception: Output operation";

  private final PrintStream to;
  private boolean tracing;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** Makes a stream that passes lines on. */
  public ToolMessages(PrintStream to) {
    this.to = to;
  }

  @Override
  public synchronized void write(int c) {
    line.write(c);
    if (c == '\n') {
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      tracing =
          text.startsWith(UNSENT)
              || tracing && (text.startsWith("\t") || text.startsWith("Caused by: "));
      if (!text.startsWith(ADAPTER) && !tracing) {
        to.print(text);
      }
    }
  }

  @Override
  public synchronized void close() {
    to.print(line.toString(StandardCharsets.UTF_8));
    line.reset();
    to.flush();
  }
}
