package org.curios.lab.session;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.curios.arm.Executor.Stop;
import org.curios.arm.GuestExit;
import org.curios.arm.VirtualClock;
import org.curios.machine.ImageException;
import org.curios.machine.Machine;

/**
 * A machine on a thread of its own, which others ask to run, to stop, and to be looked at. What is
 * asked is done between two instructions, in order; a running machine goes on afterwards.
 */
public final class Session implements AutoCloseable {
  /** Makes the machine, on its thread. */
  @FunctionalInterface
  public interface Maker {
    /** Returns a machine with its image loaded. */
    Machine make() throws ImageException;
  }

  /** What the machine is doing. */
  public enum State {
    /** It runs. */
    RUNNING,
    /** It stands, and can go on. */
    STOPPED,
    /** The guest has ended the run. */
    ENDED
  }

  /**
   * Where the machine is.
   *
   * @param state whether it runs
   * @param tick instructions so far
   * @param why why it has stopped, for people
   */
  public record Status(State state, long tick, String why) {}

  /** Something to be done on the machine's thread. */
  private record Task(Runnable action) {}

  private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
  private final Thread thread;
  private final CompletableFuture<Void> made = new CompletableFuture<>();
  private Machine machine;
  private History history;
  private volatile boolean closed;
  private volatile boolean pauseRequested;
  private volatile Status status = new Status(State.STOPPED, 0, "at the start");
  private volatile CompletableFuture<Status> stopped = new CompletableFuture<>();

  /**
   * Starts the thread and waits for the machine.
   *
   * @throws ImageException when it cannot be made
   */
  public Session(Maker maker) throws ImageException {
    thread = new Thread(() -> serve(maker), "machine");
    thread.setDaemon(true);
    thread.start();
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

  private void serve(Maker maker) {
    try (Machine m = maker.make()) {
      machine = m;
      history = new History(m);
      made.complete(null);
      while (!closed) {
        Task task = status.state == State.RUNNING ? tasks.poll() : tasks.take();
        if (task != null) {
          task.action.run();
        } else {
          runOn();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ImageException | RuntimeException e) {
      made.completeExceptionally(e);
    }
  }

  /** Runs to the next thing worth telling; leaves the state running when it was only a task. */
  private void runOn() {
    try {
      Stop stop = history.run(VirtualClock.NEVER);
      switch (stop) {
        case TICKS, INTERRUPTED -> note(State.RUNNING, "");
        case BREAKPOINT -> note(State.STOPPED, "breakpoint");
        case WATCHPOINT -> note(State.STOPPED, "watchpoint");
        case IDLE -> note(State.STOPPED, "the guest waits for what can never come");
        case DEAD -> note(State.STOPPED, "the guest is dead: exceptions without end");
      }
    } catch (GuestExit e) {
      ended(e.status());
    }
  }

  private void note(State state, String why) {
    status = new Status(state, machine.cpu().now(), why);
    if (state != State.RUNNING) {
      stopped.complete(status);
    }
  }

  /**
   * Does something with the machine, on its thread, and returns the result.
   *
   * @throws SessionException what the action threw
   */
  public <T> T call(Function<Machine, T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    tasks.add(
        new Task(() -> {
          try {
            result.complete(action.apply(machine));
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        }));
    machine.executor().interrupt();
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SessionException said) {
        throw said;
      }
      throw new SessionException(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionException("interrupted");
    }
  }

  /** Returns where the machine is. */
  public Status status() {
    Status s = status;
    return s.state == State.RUNNING ? call(m -> new Status(status.state, m.cpu().now(), "")) : s;
  }

  /** Returns the last known status without asking the machine's thread. */
  public Status lastStatus() {
    return status;
  }

  /** Returns whether the machine does again what it has done before; on its thread. */
  public boolean isReplaying() {
    return history != null && history.isReplaying();
  }

  /** Returns the machine's past; to be used within {@link #call} only. */
  public History history() {
    return history;
  }

  /** Lets the machine run until something stops it. */
  public void resume() {
    call(m -> {
      if (status.state == State.ENDED) {
        throw new SessionException("the guest has ended; restore a snapshot, or go back");
      }
      m.executor().passBreakpoint();
      stopped = new CompletableFuture<>();
      note(State.RUNNING, "");
      return null;
    });
  }

  /** Stops a running machine. */
  public Status pause() {
    pauseRequested = true;
    return call(m -> {
      if (status.state == State.RUNNING) {
        note(State.STOPPED, "stopped");
      }
      return status;
    });
  }

  /** Runs on the machine's thread until a tick; the machine stands afterwards. */
  public Status runTo(long tick) {
    return call(m -> {
      m.executor().passBreakpoint();
      pauseRequested = false;
      try {
        Stop stop = history.run(tick);
        while (stop == Stop.INTERRUPTED && !pauseRequested) {
          stop = history.run(tick);
        }
        note(
            State.STOPPED,
            switch (stop) {
              case BREAKPOINT -> "breakpoint";
              case WATCHPOINT -> "watchpoint";
              case DEAD -> "the guest is dead";
              case IDLE -> "the guest waits for what can never come";
              case INTERRUPTED -> "stopped";
              case TICKS -> "";
            });
      } catch (GuestExit e) {
        ended(e.status());
      }
      return status;
    });
  }

  /** Waits until the machine stands; null when it still runs after so many milliseconds. */
  public Status await(long milliseconds) {
    try {
      return stopped.get(milliseconds, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Waits until a running machine has come past a tick, or stands. */
  public void awaitTick(long tick) {
    try {
      while (status().state() == State.RUNNING && status().tick() < tick) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the machine stands at another place now; within {@link #call} only. */
  public void moved(String why) {
    note(State.STOPPED, why);
  }

  /** Says that the guest has ended the run; within {@link #call} only. */
  public void ended(int exit) {
    note(State.ENDED, "the guest has ended with status " + exit);
  }

  @Override
  public void close() {
    closed = true;
    tasks.add(new Task(() -> {}));
    if (machine != null) {
      machine.executor().interrupt();
    }
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
