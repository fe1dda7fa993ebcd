package org.curios.machine.input;

import java.io.BufferedInputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.NotYet;
import org.curios.machine.device.Pl011;

/**
 * Standard input of the guest: feeds a stream into a UART at 115200 baud, and to programs that read
 * it through semihosting. Each character goes to the first reader; unread characters in the UART
 * count as not yet read. A regular file is a function of virtual time alone; input from a terminal
 * or a pipe is read by a thread and becomes available at a real-time moment.
 */
public final class ConsoleInput implements AutoCloseable, Stateful {
  private static final int END = -1;

  /** Ticks for a character of ten bits. */
  private static final long CHARACTER = VirtualClock.HZ * 10 / 115200;

  /** Ticks between two checks for characters that a thread may have read. */
  private static final long POLL = VirtualClock.HZ / 1000;

  /** Ticks for which a program waits for characters before it checks again. */
  private static final long PATIENCE_MS = NotYet.TICKS * 1000 / VirtualClock.HZ;

  private static final int CHUNK = 4096;
  private static final int CHUNKS = 4;

  private final InputStream stream;
  private final Pl011 uart;
  private final VirtualClock clock;
  private final BooleanSupplier waiting;
  private final boolean synchronous;

  /** Chunks that a thread has read; an empty one is the end. */
  private final BlockingQueue<byte[]> chunks;

  /** Characters typed between runs. */
  private final Queue<byte[]> typed = new ArrayDeque<>();

  private ByteBuffer chunk = ByteBuffer.allocate(0);

  /** Whether input is typed only between runs, so that no checks are needed. */
  private final boolean onDemand;

  /** The input so far, with its ticks, so that a run from a snapshot sees it again. */
  private final List<InputLog.Typed> log = new ArrayList<>();

  private int next;

  /** Whether the end was reached. */
  private boolean ended;

  /** Switches the terminal to whole lines, or null if there is none. */
  private final Runnable lines;

  private final TimedEvent poll =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          feed(tick);
        }
      };

  /**
   * Feeds a stream.
   *
   * @param lines called before a program reads, so that a terminal delivers whole lines; null if
   *     there is no terminal
   */
  public ConsoleInput(
      InputStream stream, Pl011 uart, VirtualClock clock, BooleanSupplier waiting, Runnable lines) {
    this.waiting = waiting;
    this.uart = uart;
    this.clock = clock;
    this.synchronous = isRegularFile(stream);
    this.stream = synchronous ? new BufferedInputStream(stream) : stream;
    this.onDemand = false;
    this.chunks = new ArrayBlockingQueue<>(CHUNKS);
    this.lines = lines;
    if (!synchronous) {
      Thread reader = new Thread(this::readAll, "console input");
      reader.setDaemon(true);
      reader.start();
    }
    clock.schedule(poll, CHARACTER);
  }

  /** Feeds what {@link #type} is given, at times that depend on nothing else. */
  public ConsoleInput(Pl011 uart, VirtualClock clock) {
    this.waiting = () -> false;
    this.stream = null;
    this.uart = uart;
    this.clock = clock;
    this.synchronous = false;
    this.onDemand = true;
    this.chunks = new ArrayBlockingQueue<>(CHUNKS);
    this.lines = null;
  }

  /** Adds characters; to be called between runs. */
  public void type(byte[] characters) {
    if (characters.length > 0) {
      typed.add(characters.clone());
    }
    if (onDemand) {
      clock.schedule(poll, clock.now() + CHARACTER);
    }
  }

  private static boolean isRegularFile(InputStream stream) {
    if (!(stream instanceof FileInputStream file)) {
      return false;
    }
    try {
      return file.getChannel().size() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void readAll() {
    try {
      byte[] buffer = new byte[CHUNK];
      int count;
      do {
        count = read(buffer);
        chunks.put(Arrays.copyOf(buffer, Math.max(count, 0)));
      } while (count > 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A stream that cannot be read, such as a closed one, is at its end. */
  private int read(byte[] buffer) {
    try {
      return stream.read(buffer);
    } catch (IOException e) {
      return END;
    }
  }

  private void feed(long tick) {
    if (!uart.canReceive()) {
      clock.schedule(poll, tick + CHARACTER);
      return;
    }
    Integer c = at(tick, false, waiting.getAsBoolean());
    if (c == null) {
      if (!onDemand || next < log.size()) {
        clock.schedule(poll, tick + POLL);
      }
    } else if (c >= 0) {
      uart.receive(c);
      clock.schedule(poll, tick + CHARACTER);
    }
  }

  /**
   * Gives a program the available input, as read(2) does.
   *
   * @return how many characters, 0 at the end
   * @throws NotYet when there is nothing yet
   */
  public int read(long tick, byte[] to, int most) {
    if (lines != null) {
      lines.run();
    }
    int count = 0;
    while (count < most && uart.holds()) {
      to[count++] = line(uart.takeBack());
    }
    while (count < most) {
      Integer c = at(tick, true, count == 0);
      if (c == null || c < 0) {
        break;
      }
      to[count++] = line(c);
    }
    if (count == 0 && most > 0 && !ended) {
      throw NotYet.INSTANCE;
    }
    return count;
  }

  /** Enter ends a line, even if it was pressed before the terminal was switched to lines. */
  private byte line(int c) {
    return (byte) (c == '\r' && lines != null ? '\n' : c);
  }

  /**
   * Returns the input at a tick: from the log as far as it goes; then new input, which is added to
   * the log.
   *
   * @param program whether a program reads it
   * @param waits whether the guest only waits for it
   */
  private Integer at(long tick, boolean program, boolean waits) {
    if (next < log.size()) {
      InputLog.Typed typed = log.get(next);
      if (typed.tick() != tick || typed.read() != program) {
        return null;
      }
      next++;
      ended |= typed.character() < 0;
      return typed.character();
    }
    Integer c = ended ? Integer.valueOf(END) : next(program, waits);
    if (c != null && !ended) {
      log.add(new InputLog.Typed(tick, c, program));
      next++;
      ended = c < 0;
    }
    return c;
  }

  /** Drops what arrived after the current moment, whose future has changed. */
  public void forgetFuture() {
    log.subList(next, log.size()).clear();
  }

  /** Returns the input up to the current moment. */
  public List<InputLog.Typed> log() {
    return List.copyOf(log.subList(0, next));
  }

  /** Replaces the recorded input by that of a moment which is about to be restored. */
  public void putLog(List<InputLog.Typed> past) {
    log.clear();
    log.addAll(past);
    next = log.size();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(next);
    clock.save(poll, out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    next = Math.min(in.readInt(), log.size());
    ended = next > 0 && log.get(next - 1).character() < 0;
    clock.restore(poll, in);
  }

  private Integer next(boolean program, boolean waits) {
    if (synchronous) {
      try {
        return stream.read();
      } catch (IOException e) {
        return END;
      }
    }
    if (!chunk.hasRemaining()) {
      byte[] more = chunk(program, waits);
      if (more == null) {
        return null;
      }
      if (more.length == 0) {
        return END;
      }
      chunk = ByteBuffer.wrap(more);
    }
    return chunk.get() & 0xff;
  }

  /** While the guest only waits, virtual time passes no faster than real time. */
  private byte[] chunk(boolean program, boolean waits) {
    byte[] first = typed.poll();
    if (first != null || onDemand) {
      return first;
    }
    try {
      return waits ? chunks.poll(program ? PATIENCE_MS : 1, TimeUnit.MILLISECONDS) : chunks.poll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new byte[0];
    }
  }

  @Override
  public void close() {
    clock.cancel(poll);
  }
}
