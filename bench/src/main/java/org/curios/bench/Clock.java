package org.curios.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The clock that times units of work. */
enum Clock {
  /** Wall-clock time. */
  WALL,
  /**
   * The processor time of our thread, or of the whole process of a peer. For hosts that are busy
   * with something else; the work of our other threads, such as compilation, is not included.
   */
  CPU;

  private static final Path PROCESSES = Path.of("/proc");

  /** Returns whether this host supports it. */
  boolean isThere() {
    return this == WALL || Files.isReadable(PROCESSES.resolve("self/schedstat"));
  }

  /** Returns a supplier of the nanoseconds of the current thread; any thread may use it. */
  LongSupplier ofThread() {
    if (this == WALL) {
      return System::nanoTime;
    }
    long id = Thread.currentThread().threadId();
    return () -> ManagementFactory.getThreadMXBean().getThreadCpuTime(id);
  }

  /** Returns the nanoseconds of a process. */
  LongSupplier ofProcess(long pid) {
    if (this == WALL) {
      return System::nanoTime;
    }
    Path tasks = PROCESSES.resolve(Long.toString(pid)).resolve("task");
    long[] last = {0};
    return () -> {
      last[0] = Math.max(last[0], sum(tasks));
      return last[0];
    };
  }

  /** The sum over the threads; one that ends takes its time with it, as the process does. */
  private static long sum(Path tasks) {
    List<Path> threads;
    try (Stream<Path> all = Files.list(tasks)) {
      threads = all.toList();
    } catch (IOException e) {
      return 0;
    }
    long sum = 0;
    for (Path thread : threads) {
      try {
        String text = Files.readString(thread.resolve("schedstat"));
        sum += Long.parseLong(text.substring(0, text.indexOf(' ')));
      } catch (IOException e) {
        // it has ended
      }
    }
    return sum;
  }
}
