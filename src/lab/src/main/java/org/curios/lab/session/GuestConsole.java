package org.curios.lab.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Both ends of UART0: stores the guest's output, shows it while a terminal is attached, and passes
 * on typed input.
 */
public final class GuestConsole {
  private static final int LINES = 10_000;

  /**
   * A line that the guest has printed.
   *
   * @param tick tick of its first character
   * @param text the line without its end
   */
  public record Line(long tick, String text) {}

  private final BlockingQueue<Integer> typed = new LinkedBlockingQueue<>();
  private final Deque<Line> lines = new ArrayDeque<>();
  private final StringBuilder line = new StringBuilder();
  private long lineTick;
  private volatile LongSupplier clock = () -> 0;
  private volatile IntConsumer attached;
  private volatile BooleanSupplier silent = () -> false;

  /** Returns the stream that the guest prints to. */
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int c) {
        print(c & 0xff);
      }
    };
  }

  /** Returns the stream that the guest reads from. */
  public InputStream input() {
    return new Typed();
  }

  private final class Typed extends InputStream {
    @Override
    public int read() throws IOException {
      try {
        return typed.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return -1;
      }
    }

    /** Reads the available characters, at least one. */
    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      int count = 0;
      for (Integer c = length == 0 ? null : read(); c != null && c >= 0; ) {
        to[from + count++] = c.byteValue();
        c = count < length ? typed.poll() : null;
      }
      return count == 0 && length > 0 ? -1 : count;
    }
  }

  /** Tells whether the guest only repeats previous output. */
  public void silentWhen(BooleanSupplier replaying) {
    silent = replaying;
  }

  /** Reports what time it is, in ticks. */
  public void clock(LongSupplier ticks) {
    clock = ticks;
  }

  /** Drops the output after a tick, whose future has changed. */
  public synchronized void forgetAfter(long tick) {
    lines.removeIf(l -> l.tick > tick);
    if (lineTick > tick) {
      line.setLength(0);
    }
  }

  private void print(int c) {
    if (silent.getAsBoolean()) {
      return;
    }
    IntConsumer to = attached;
    if (to != null) {
      to.accept(c);
    }
    synchronized (this) {
      if (c == '\n') {
        lines.addLast(new Line(line.isEmpty() ? clock.getAsLong() : lineTick, line.toString()));
        line.setLength(0);
        if (lines.size() > LINES) {
          lines.removeFirst();
        }
      } else if (c != '\r') {
        if (line.isEmpty()) {
          lineTick = clock.getAsLong();
        }
        line.append((char) c);
      }
    }
  }

  /** Returns the last lines that the guest has printed. */
  public String[] last(int count) {
    return lines(Long.MAX_VALUE, count).stream().map(Line::text).toArray(String[]::new);
  }

  /** Returns the last lines that the guest has printed up to a tick; most the newest ones. */
  public synchronized List<Line> lines(long until, int most) {
    List<Line> all = lines.stream().filter(l -> l.tick <= until).toList();
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  /** Types characters. */
  public void type(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      typed.add(b & 0xff);
    }
  }

  /** Types one character. */
  public void type(int c) {
    typed.add(c);
  }

  /** Shows each character that the guest prints; null for none. */
  public void attach(IntConsumer to) {
    attached = to;
  }
}
