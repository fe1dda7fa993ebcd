package org.curios.bench;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes what a guest prints and notes when each line has ended. */
final class LineClock extends OutputStream {
  private final List<Double> seconds = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private long last = System.nanoTime();

  @Override
  public void write(int b) {
    if (b == '\n') {
      long now = System.nanoTime();
      seconds.add((now - last) / 1e9);
      last = now;
      lines.add(line.toString());
      line.setLength(0);
    } else {
      line.append((char) (b & 0xff));
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    for (char c : new String(bytes, offset, length, StandardCharsets.ISO_8859_1).toCharArray()) {
      write(c);
    }
  }

  /** Returns what has been noted. */
  Run run() {
    return new Run(seconds.stream().mapToDouble(Double::doubleValue).toArray(), lines);
  }
}
