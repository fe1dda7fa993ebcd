package org.curios.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;

/**
 * Feeds a stream into a UART at the pace of 115200 baud. A regular file is a function of virtual
 * time alone; what comes from a terminal or a pipe is read by a thread and is there when it is
 * there.
 */
final class ConsoleInput implements AutoCloseable, Stateful {
  private static final int END = -1;

  /** Ticks for a character of ten bits. */
  private static final long CHARACTER = VirtualClock.HZ * 10 / 115200;

  /** Ticks between two looks for characters that a thread may have read. */
  private static final long POLL = VirtualClock.HZ / 1000;

  private final InputStream stream;
  private final Pl011 uart;
  private final VirtualClock clock;
  private final BooleanSupplier waiting;
  private final boolean synchronous;
  private final BlockingQueue<Integer> queue;

  /** Whether there is nothing but what is typed between runs, so that nobody need look for it. */
  private final boolean onDemand;

  /** What has come, and when, so that a run from a snapshot sees it again. */
  private final List<InputLog.Typed> log = new ArrayList<>();

  private int next;

  private final TimedEvent poll =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          feed(tick);
        }
      };

  ConsoleInput(InputStream stream, Pl011 uart, VirtualClock clock, BooleanSupplier waiting) {
    this.waiting = waiting;
    this.stream = stream;
    this.uart = uart;
    this.clock = clock;
    this.synchronous = isRegularFile(stream);
    this.onDemand = false;
    this.queue = new ArrayBlockingQueue<>(4096);
    if (!synchronous) {
      Thread reader = new Thread(this::readAll, "console input");
      reader.setDaemon(true);
      reader.start();
    }
    clock.schedule(poll, CHARACTER);
  }

  /** Feeds what {@link #type} is given, at times that depend on nothing else. */
  ConsoleInput(Pl011 uart, VirtualClock clock) {
    this.waiting = () -> false;
    this.stream = null;
    this.uart = uart;
    this.clock = clock;
    this.synchronous = false;
    this.onDemand = true;
    this.queue = new LinkedBlockingQueue<>();
  }

  /** Adds characters; to be called between runs. */
  void type(byte[] characters) {
    for (byte c : characters) {
      queue.add(c & 0xff);
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
      int c;
      do {
        c = stream.read();
        queue.put(c);
      } while (c >= 0);
    } catch (IOException e) {
      queue.offer(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void feed(long tick) {
    if (!uart.canReceive()) {
      clock.schedule(poll, tick + CHARACTER);
      return;
    }
    Integer c = at(tick);
    if (c == null) {
      if (!onDemand || next < log.size()) {
        clock.schedule(poll, tick + POLL);
      }
    } else if (c >= 0) {
      uart.receive(c);
      clock.schedule(poll, tick + CHARACTER);
    }
  }

  /** What comes at a tick: that of the log as far as it goes; then what is new, noted there. */
  private Integer at(long tick) {
    if (next < log.size()) {
      InputLog.Typed typed = log.get(next);
      if (typed.tick() != tick) {
        return null;
      }
      next++;
      return typed.character();
    }
    Integer c = next();
    if (c != null) {
      log.add(new InputLog.Typed(tick, c));
      next++;
    }
    return c;
  }

  /** Drops what came after the present moment, which is to have another future. */
  void forgetFuture() {
    log.subList(next, log.size()).clear();
  }

  /** Returns what has come up to the present moment. */
  InputLog log() {
    return new InputLog(List.copyOf(log.subList(0, next)));
  }

  /** Takes another past, up to a moment that the machine is about to be put to. */
  void putLog(InputLog past) {
    log.clear();
    log.addAll(past.typed());
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
    clock.restore(poll, in);
  }

  private Integer next() {
    if (!synchronous) {
      return waiting.getAsBoolean() ? pollAtRealTime() : queue.poll();
    }
    try {
      return stream.read();
    } catch (IOException e) {
      return END;
    }
  }

  /** While the guest has nothing to do but wait, virtual time passes no faster than real time. */
  private Integer pollAtRealTime() {
    try {
      return queue.poll(1, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return END;
    }
  }

  @Override
  public void close() {
    clock.cancel(poll);
  }
}
