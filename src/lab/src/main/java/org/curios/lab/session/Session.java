package org.curios.lab.session;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.curios.arm.GuestExit;
import org.curios.arm.VirtualClock;
import org.curios.lab.LabException;
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
  private volatile BiConsumer<Machine, Status> onStop = (m, s) -> {};

  /**
   * Starts the thread and waits for the machine.
   *
   * @throws ImageException when it cannot be made
   */
  public Session(Maker maker) throws ImageException {
    this(maker, s -> {});
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

  /**
   * Starts the thread, and does not wait for the machine: what is asked of it waits.
   *
   * @param onFailure is told when the machine cannot be made
   */
  public Session(Maker maker, Consumer<String> onFailure) {
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
    thread.start();
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
    Status now = run(VirtualClock.NEVER);
    note(now);
    if (now.state != State.RUNNING) {
      onStop.accept(machine, now);
    }
  }

  /** Runs to a tick, or until something stops the run; RUNNING when only somebody has called. */
  private Status run(long untilTick) {
    try {
      return switch (history.run(untilTick)) {
        case INTERRUPTED -> new Status(State.RUNNING, machine.cpu().now(), "");
        case TICKS -> stopped("");
        case BREAKPOINT -> stopped("breakpoint");
        case WATCHPOINT -> stopped("watchpoint");
        case IDLE -> stopped("the guest waits for what can never come");
        case DEAD -> stopped("the guest is dead: exceptions without end");
      };
    } catch (GuestExit e) {
      return new Status(
          State.ENDED, machine.cpu().now(), "the guest has ended with status " + e.status());
    } catch (RuntimeException e) {
      return stopped("the machine has failed, which is a fault of this program: " + e);
    }
  }

  private Status stopped(String why) {
    return new Status(State.STOPPED, machine.cpu().now(), why);
  }

  private void note(Status now) {
    status = now;
    if (now.state != State.RUNNING) {
      stopped.complete(now);
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
    interrupt();
    try {
      while (true) {
        try {
          return result.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          if (!thread.isAlive()) {
            throw new SessionException("the machine is gone" + because(), e);
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

  private void interrupt() {
    if (made.isDone() && machine != null) {
      machine.executor().interrupt();
    }
  }

  /** Has something done with the machine, on its thread, and does not wait for it. */
  public void post(Consumer<Machine> action) {
    tasks.add(new Task(() -> action.accept(machine)));
    interrupt();
  }

  /** Returns where the machine is. */
  public Status status() {
    Status s = status;
    return s.state == State.RUNNING ? call(m -> new Status(status.state, m.cpu().now(), "")) : s;
  }

  /**
   * Returns where the machine is, about: the tick of one that runs may be off by some thousand, for
   * it is not disturbed.
   */
  public Status glance() {
    Status s = status;
    return s.state == State.RUNNING && made.isDone() && machine != null
        ? new Status(s.state, Math.max(s.tick, machine.cpu().now()), s.why)
        : s;
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

  /**
   * Changes the machine from outside, so that the change is made again whenever this moment is
   * passed again on the way through the past. What was the future is forgotten.
   *
   * @param action the change; it does the same whenever it is called at this tick
   */
  public void change(Consumer<Machine> action) {
    call(m -> {
      history.change(action);
      return null;
    });
  }

  /** Has somebody told, on the machine's thread, when it stops by itself. */
  public void onStop(BiConsumer<Machine, Status> listener) {
    onStop = listener;
  }

  /** Lets the machine run until something stops it. */
  public void resume() {
    call(m -> {
      mustGoOn();
      history.pass();
      stopped = new CompletableFuture<>();
      note(new Status(State.RUNNING, m.cpu().now(), ""));
      return null;
    });
  }

  private void mustGoOn() {
    if (status.state == State.ENDED) {
      throw new SessionException("the guest has ended; restore a snapshot, go back, or reboot");
    }
  }

  /** Stops a running machine, and gives up a search of the past. */
  public Status pause() {
    pauseRequested = true;
    if (made.isDone() && history != null) {
      history.cancel();
    }
    return call(m -> {
      if (status.state == State.RUNNING) {
        note(stopped("stopped"));
      }
      return status;
    });
  }

  /** Runs on the machine's thread until a tick; the machine stands afterwards. */
  public Status runTo(long tick) {
    return call(m -> {
      mustGoOn();
      history.pass();
      pauseRequested = false;
      Status now = run(tick);
      while (now.state == State.RUNNING && !pauseRequested) {
        now = run(tick);
      }
      note(now.state == State.RUNNING ? stopped("stopped") : now);
      return status;
    });
  }

  /** Ends a {@link #runTo} where it is; for observers, on the machine's thread. */
  public void endRun() {
    pauseRequested = true;
    machine.executor().interrupt();
  }

  /**
   * Runs to a tick, and on from there, without waiting for it: what is asked for meanwhile is done
   * when the tick is reached.
   */
  public void start(long tick) {
    status = new Status(State.RUNNING, status.tick, "");
    stopped = new CompletableFuture<>();
    tasks.add(
        new Task(() -> {
          Status now = run(tick);
          while (now.state == State.RUNNING && !closed) {
            now = run(tick);
          }
          boolean reached = now.state == State.STOPPED && now.why.isEmpty();
          note(reached ? new Status(State.RUNNING, now.tick, "") : now);
        }));
  }

  /** Waits until the machine stands; null when it still runs after so many milliseconds. */
  public Status await(long milliseconds) {
    try {
      return stopped.get(milliseconds, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
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
    note(stopped(why));
  }

  @Override
  public void close() {
    closed = true;
    tasks.add(new Task(() -> {}));
    interrupt();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
