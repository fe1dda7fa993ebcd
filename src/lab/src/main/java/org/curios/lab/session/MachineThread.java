package org.curios.lab.session;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.curios.lab.LabException;
import org.curios.machine.Machine;
import org.curios.machine.image.ImageException;

/**
 * The thread of a machine. It executes requests of other threads in order, between two
 * instructions; between requests, a running machine runs.
 */
final class MachineThread {
  /** The machine's own work; on its thread. */
  interface Work {
    /** Receives the machine, once it is created. */
    void begin(Machine machine);

    /** Returns whether the machine runs. */
    boolean isRunning();

    /** Moves a running machine until it is interrupted or stops. */
    void move();
  }

  /**
   * Something to be done on the machine's thread.
   *
   * @param caller the thread that requests it
   */
  private record Task(Runnable action, Thread caller) {}

  private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
  private final Work work;
  private final Thread thread;
  private final CompletableFuture<Void> made = new CompletableFuture<>();
  private Machine machine;
  private volatile boolean closed;

  /** The thread that has requested what is being done. */
  private Thread asking;

  /**
   * Prepares the thread of a machine.
   *
   * @param onFailure called with the reason when the machine cannot be made
   */
  MachineThread(Session.Maker maker, Work work, Consumer<String> onFailure) {
    this.work = work;
    thread =
        new Thread(
            () -> {
              serve(maker);
              if (made.isCompletedExceptionally()) {
                onFailure.accept(String.valueOf(made.exceptionNow().getMessage()));
              }
            },
            "machine");
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  void start() {
    thread.start();
  }

  /**
   * Waits for the machine.
   *
   * @throws ImageException when it cannot be made
   */
  void awaitMachine() throws ImageException {
    try {
      made.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ImageException unusable) {
        throw unusable;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Session.Maker maker) {
    try (Machine m = maker.make()) {
      machine = m;
      asking = thread;
      work.begin(m);
      made.complete(null);
      while (!closed) {
        Task task = work.isRunning() ? tasks.poll() : tasks.take();
        if (task != null) {
          asking = task.caller;
          task.action.run();
          asking = thread;
        } else {
          work.move();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ImageException | RuntimeException e) {
      made.completeExceptionally(e);
    } finally {
      maker.release();
    }
  }

  /**
   * Does something with the machine, on its thread, and returns the result.
   *
   * @throws SessionException what the action threw; or a debugger has stopped the guest
   */
  <T> T call(Function<Machine, T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Task task =
        new Task(
            () -> {
              try {
                result.complete(action.apply(machine));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            },
            Thread.currentThread());
    tasks.add(task);
    interrupt();
    try {
      while (true) {
        try {
          return result.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          if (!thread.isAlive()) {
            throw new SessionException("the machine is gone" + because(), e);
          }
          if (isHeld() && tasks.remove(task)) {
            throw new SessionException(
                "a debugger has stopped the guest; continue it there, or detach the debugger", e);
          }
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SessionException said) {
        throw said;
      }
      if (e.getCause() instanceof LabException said) {
        throw new SessionException(said.getMessage(), said);
      }
      throw new SessionException("this is a fault of this program: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionException("interrupted");
    }
  }

  private String because() {
    return made.isCompletedExceptionally() ? ": " + made.exceptionNow().getMessage() : "";
  }

  /** Returns whether the machine is there. */
  boolean isMade() {
    return made.isDone() && !made.isCompletedExceptionally();
  }

  /** Returns whether a debugger of GraalVM has stopped the machine's thread. */
  private boolean isHeld() {
    return isMade() && machine.isInstrumented() && thread.getState() == Thread.State.WAITING;
  }

  private void interrupt() {
    if (isMade()) {
      machine.executor().interrupt();
    }
  }

  /** Queues an action with the machine, on its thread, without waiting for it. */
  void post(Consumer<Machine> action) {
    tasks.add(new Task(() -> action.accept(machine), Thread.currentThread()));
    interrupt();
  }

  /** Queues an action as the machine's own work, without waiting for it. */
  void postOwn(Runnable action) {
    tasks.add(new Task(action, thread));
  }

  /** Returns the thread that has requested what is being done; this one if there is none. */
  Thread asking() {
    return asking;
  }

  /** Returns whether a thread is that of the machine. */
  boolean is(Thread other) {
    return other == thread;
  }

  /** Returns whether the thread must end. */
  boolean isClosed() {
    return closed;
  }

  /** Ends the thread, and with it the machine. */
  void close() {
    closed = true;
    tasks.add(new Task(() -> {}, Thread.currentThread()));
    interrupt();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
