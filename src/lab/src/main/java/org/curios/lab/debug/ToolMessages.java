package org.curios.lab.debug;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What tools say, line by line, except for the debug adapter's talk of its own port, of its end,
 * and of debuggers that have left: {@link DapGate} says where to connect to.
 */
public final class ToolMessages extends OutputStream {
  private static final String ADAPTER = "[Graal DAP] ";

  /** How the engine begins to tell that the adapter could not send to a debugger that has left. */
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
