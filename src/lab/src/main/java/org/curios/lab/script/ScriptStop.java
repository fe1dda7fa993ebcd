package org.curios.lab.script;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.curios.lab.script.model.Workbench;
import org.graalvm.polyglot.Context;

/** Stops a script that runs for too long, uses too much memory, or has to end. */
final class ScriptStop implements AutoCloseable {
  /** Why a script was stopped. */
  enum Reason {
    INTERRUPTED,
    TIMED_OUT,
    OUT_OF_MEMORY
  }

  private static final long PERIOD_MS = 20;

  /** Host milliseconds within which a stopped script has to end. */
  private static final long GRACE_MS = 5000;

  private final Context context;
  private final Workbench workbench;
  private final ScriptOptions options;
  private final List<MemoryPoolMXBean> pools = new ArrayList<>();
  private final long usedBefore;
  private final Consumer<ScriptEnd> stuck;
  private final Thread watcher;
  private volatile long start;
  private volatile Reason reason;
  private volatile boolean closed;

  /**
   * Creates one.
   *
   * @param stuck called when the script was stopped and does not end
   */
  ScriptStop(
      Context context, Workbench workbench, ScriptOptions options, Consumer<ScriptEnd> stuck) {
    this.stuck = stuck;
    this.context = context;
    this.workbench = workbench;
    this.options = options;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported()) {
        pools.add(pool);
      }
    }
    usedBefore = used();
    watcher = new Thread(this::watch, "script watcher");
    watcher.setDaemon(true);
  }

  /** Reports that the script starts now: the start of its language does not count as its time. */
  void begin() {
    start = System.nanoTime();
    watcher.start();
  }

  /** Bytes of the heap that were in use after the last collection. */
  private long used() {
    return pools.stream().mapToLong(p -> p.getCollectionUsage().getUsed()).sum();
  }

  private void watch() {
    try {
      while (!closed && reason == null) {
        Thread.sleep(PERIOD_MS);
        if (options.timeout() != null && System.nanoTime() - start > options.timeout().toNanos()) {
          stop(Reason.TIMED_OUT);
        } else if (options.memoryBytes() > 0 && used() - usedBefore > options.memoryBytes()) {
          stop(Reason.OUT_OF_MEMORY);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the script, whether it is in its own code or in a run of a machine. */
  void stop(Reason why) {
    synchronized (this) {
      if (reason != null || closed) {
        return;
      }
      reason = why;
    }
    Thread grace = new Thread(this::awaitEnd, "script end");
    grace.setDaemon(true);
    grace.start();
    workbench.cancel(context::safepoint);
    context.close(true);
  }

  private void awaitEnd() {
    long end = System.nanoTime() + GRACE_MS * 1_000_000;
    try {
      synchronized (this) {
        while (!closed && System.nanoTime() < end) {
          wait(PERIOD_MS);
        }
        if (closed) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    ScriptEnd stopped = ended(0);
    stuck.accept(
        new ScriptEnd(
            stopped.status(),
            stopped.message()
                + "; it is in an operation that cannot be interrupted, so the process ends"));
  }

  Reason reason() {
    return reason;
  }

  /** Returns how the script has ended, if it was stopped; otherwise with its own status. */
  ScriptEnd ended(int status) {
    return switch (reason) {
      case null -> new ScriptEnd(status, null);
      case INTERRUPTED -> new ScriptEnd(ScriptEnd.INTERRUPTED, ScriptEnd.WAS_INTERRUPTED);
      case TIMED_OUT ->
          new ScriptEnd(
              ScriptEnd.TIMED_OUT,
              String.format(
                  Locale.ROOT,
                  "the script did not end within %s s and was stopped",
                  options.timeout().toMillis() % 1000 == 0
                      ? Long.toString(options.timeout().toSeconds())
                      : Double.toString(options.timeout().toMillis() / 1e3)));
      case OUT_OF_MEMORY ->
          new ScriptEnd(
              ScriptEnd.ERROR,
              "the script took more than "
                  + (options.memoryBytes() >> 20)
                  + " MiB of memory and was stopped; --memory MIB raises the limit");
    };
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    watcher.interrupt();
  }
}
