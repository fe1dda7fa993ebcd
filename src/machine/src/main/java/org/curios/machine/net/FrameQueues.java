package org.curios.machine.net;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Queues of frames between the machine's thread and the host: one thread reads frames, and waits
 * while the queue is full; another one writes them.
 */
final class FrameQueues implements AutoCloseable {
  private static final int FRAMES = 256;
  private static final byte[] END = {};

  /** Reads the next frame. */
  @FunctionalInterface
  interface Source {
    /**
     * Waits for a frame and returns it.
     *
     * @throws IOException when none can come any more
     */
    byte[] read() throws IOException;
  }

  /** Writes a frame. */
  @FunctionalInterface
  interface Sink {
    /**
     * Writes a frame, and waits while there is no room for it.
     *
     * @throws IOException when none can be written any more
     */
    void write(byte[] frame) throws IOException;
  }

  private final BlockingQueue<byte[]> in = new ArrayBlockingQueue<>(FRAMES);
  private final BlockingQueue<byte[]> out = new ArrayBlockingQueue<>(FRAMES);
  private final Thread reader;
  private final Thread writer;

  /** Starts the threads. */
  FrameQueues(String name, Source source, Sink sink) {
    reader = start(name + " in", () -> readAll(source));
    writer = start(name + " out", () -> writeAll(sink));
  }

  private static Thread start(String name, Runnable action) {
    Thread thread = new Thread(action, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void readAll(Source source) {
    try {
      try {
        while (true) {
          byte[] frame = source.read();
          if (frame.length >= EthernetFrames.HEADER) {
            in.put(frame);
          }
        }
      } catch (IOException e) {
        in.put(END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeAll(Sink sink) {
    try {
      while (true) {
        sink.write(out.take());
      }
    } catch (IOException e) {
      // the reader sees the end as well
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a frame; it is lost if too many wait already. */
  @SuppressWarnings("ReturnValueIgnored") // whether there was room
  void send(byte[] frame) {
    out.offer(frame);
  }

  /** Takes a frame, as {@link FarEnd#take} does. */
  byte[] take(long nanoseconds) {
    byte[] frame = in.poll();
    if (frame != null || nanoseconds <= 0) {
      return frame;
    }
    try {
      return in.poll(nanoseconds, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Waits until the threads have ended. */
  void join() {
    try {
      reader.join();
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    reader.interrupt();
    writer.interrupt();
  }
}
