package org.curios.bench;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Receives the guest's output and records the time of each line that counts. */
final class LineClock extends OutputStream {
  private final String prefix;
  private final Runnable atLine;
  private final List<Double> times = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private final long start = System.nanoTime();
  private volatile LongSupplier units = System::nanoTime;
  private volatile long begun = start;
  private long last = start;
  private volatile int count;

  /**
   * Makes a clock that starts now.
   *
   * @param prefix start of lines that count
   * @param atLine called at each such line
   */
  LineClock(String prefix, Runnable atLine) {
    this.prefix = prefix;
    this.atLine = atLine;
  }

  @Override
  public void write(int b) {
    if (b != '\n') {
      if (b != '\r') {
        line.append((char) (b & 0xff));
      }
      return;
    }
    String text = line.toString();
    line.setLength(0);
    if (text.startsWith(prefix)) {
      long now = units.getAsLong();
      times.add((now - last) / 1e9);
      last = now;
      lines.add(text);
      count = lines.size();
      atLine.run();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    for (char c : new String(bytes, offset, length, StandardCharsets.ISO_8859_1).toCharArray()) {
      write(c);
    }
  }

  /** Uses another clock from now on, except for the whole run. */
  void timeBy(LongSupplier nanoseconds) {
    units = nanoseconds;
    begun = nanoseconds.getAsLong();
    last = begun;
  }

  /** Returns the seconds since the start by the clock that times lines. */
  double seconds() {
    return (units.getAsLong() - begun) / 1e9;
  }

  /** Returns the number of lines that count; any thread may ask. */
  int count() {
    return count;
  }

  /** Returns the lines that count. */
  List<String> lines() {
    return lines;
  }

  /**
   * Returns the record of a completed run; its second half counts as its steady state.
   *
   * @throws BenchException if there are no lines
   */
  Run run(Job job, Peer peer) throws BenchException {
    return run(job, peer, lines.size() / 2, List.of());
  }

  /** The same with a given beginning of the steady state. */
  Run run(Job job, Peer peer, int steadyFrom, List<CompilerWork> compiler) throws BenchException {
    if (lines.isEmpty()) {
      throw new BenchException(
          "%s has printed nothing on %s within %.0f s"
              .formatted(job.name(), peer.name(), seconds()));
    }
    double[] spans = times.stream().mapToDouble(Double::doubleValue).toArray();
    double whole = (System.nanoTime() - start) / 1e9;
    return new Run(spans, lines, whole, steadyFrom, compiler);
  }
}
