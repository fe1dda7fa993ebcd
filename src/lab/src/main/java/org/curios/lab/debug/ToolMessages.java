package org.curios.lab.debug;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What tools say, line by line, but for the debug adapter's talk of its own port and of its end:
 * {@link DapGate} says where to connect to.
 */
public final class ToolMessages extends OutputStream {
  private static final String ADAPTER = "[Graal DAP] ";

  private final PrintStream to;
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
      if (!text.startsWith(ADAPTER)) {
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
