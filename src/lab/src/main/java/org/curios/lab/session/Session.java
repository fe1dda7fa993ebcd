package org.curios.lab.session;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Memory;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.session.History.Found;
import org.curios.machine.Machine;
import org.curios.machine.image.ImageException;

/**
 * A machine on its own thread. Other threads send it requests: to run, to stop, to be examined.
 * Requests are executed in order, between two instructions; then a running machine continues.
 */
public final class Session implements AutoCloseable {
  /** Makes the machine, on its thread. */
  @FunctionalInterface
  public interface Maker {
    /** Returns a machine with its image loaded. */
    Machine make() throws ImageException;

    /** Releases what it has made besides; called after the machine is closed. */
    default void release() {}
  }

  /** What the machine is doing. */
  public enum State {
    /** It runs. */
    RUNNING,
    /** It is stopped, and can continue. */
    STOPPED,
    /** The guest has ended the run. */
    ENDED
  }

  /**
   * Where the machine is.
   *
   * @param state whether it runs
   * @param tick instructions so far
   * @param why the reason of the stop, as text
   */
  public record Status(State state, long tick, String why) {}

  /**
   * Moves a running machine. Called repeatedly on the machine's thread, with requests executed in
   * between; leaves the machine at a place from which it can continue.
   */
  @FunctionalInterface
  public interface Motion {
    /**
     * Moves the machine until it has arrived, or until {@link
     * org.curios.arm.run.Executor#interrupt}.
     *
     * @return why it has stopped, for people; null to be called again
     */
    String move(Machine machine, History history);
  }

  /**
   * The thread that has sole control of the machine.
   *
   * @param refusal the message for others
   */
  private record Driver(Thread thread, String refusal) {}

  private final MachineThread thread;
  private Machine machine;
  private History history;
  private volatile boolean pauseRequested;
  private volatile Status status = new Status(State.STOPPED, 0, "at the start");
  private volatile CompletableFuture<Status> stopped = new CompletableFuture<>();
  private volatile Driver driver;
  private final List<BiConsumer<Machine, Status>> observers = new CopyOnWriteArrayList<>();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private volatile Integer exitStatus;
  private Motion motion = Session::untilStop;

  /**
   * Starts the thread and waits for the machine.
   *
   * @throws ImageException when it cannot be made
   */
  public Session(Maker maker) throws ImageException {
    this(maker, s -> {});
    thread.awaitMachine();
  }

  /**
   * Starts the thread without waiting for the machine; requests wait until it exists.
   *
   * @param onFailure called with the reason when the machine cannot be made
   */
  public Session(Maker maker, Consumer<String> onFailure) {
    thread = new MachineThread(maker, new Moves(), onFailure);
    thread.start();
  }

  /** The machine's own work between requests. */
  private final class Moves implements MachineThread.Work {
    @Override
    public void begin(Machine m) {
      machine = m;
      history = new History(m, () -> mustDrive(thread.asking()));
    }

    @Override
    public boolean isRunning() {
      return status.state == State.RUNNING;
    }

    @Override
    public void move() {
      runOn();
    }
  }

  /** Moves the machine; leaves the state running when it was only for a task. */
  private void runOn() {
    try {
      String why = motion.move(machine, history);
      if (why == null) {
        note(State.RUNNING, "");
      } else {
        note(State.STOPPED, why);
      }
    } catch (GuestExit e) {
      noteEnd(e);
    } catch (RuntimeException e) {
      note(State.STOPPED, "the machine has failed; internal error: " + e);
    }
  }

  /** Runs to the next thing worth reporting. */
  private static String untilStop(Machine machine, History history) {
    return why(history.run(VirtualClock.NEVER));
  }

  /** Returns the reason of the end of a run, as text; null if it only reached its tick. */
  private static String why(Stop stop) {
    return switch (stop) {
      case TICKS, INTERRUPTED -> null;
      case BREAKPOINT -> "breakpoint";
      case WATCHPOINT -> "watchpoint";
      case IDLE -> "the guest waits for an event that can never come";
      case DEAD -> "the guest is dead: it is in an endless loop of exceptions";
    };
  }

  private void noteEnd(GuestExit end) {
    ended(end.status());
  }

  private void note(State state, String why) {
    become(new Status(state, machine.cpu().now(), why));
    if (state != State.RUNNING) {
      stopped.complete(status);
      observers.forEach(o -> o.accept(machine, status));
    }
  }

  private void become(Status next) {
    boolean goesOn = status.state == State.RUNNING && next.state == State.RUNNING;
    status = next;
    if (!goesOn) {
      watchers.forEach(Runnable::run);
    }
  }

  /**
   * Does something with the machine, on its thread, and returns the result.
   *
   * @throws SessionException what the action threw; or a debugger has stopped the guest
   */
  public <T> T call(Function<Machine, T> action) {
    return thread.call(action);
  }

  /** Queues an action with the machine, on its thread, without waiting for it. */
  public void post(Consumer<Machine> action) {
    thread.post(action);
  }

  /**
   * Changes the machine from outside, as {@link History#change} does.
   *
   * @param action the change; it does the same whenever it is called at this tick
   */
  public void change(Consumer<Machine> action) {
    call(m -> {
      history.change(action);
      return null;
    });
  }

  /**
   * Changes the machine when it reaches a tick, as {@link History#foresee} does.
   *
   * @param action the change; it does the same whenever it is called at this tick
   */
  public void foresee(long tick, Consumer<Machine> action) {
    call(m -> {
      history.foresee(tick, action);
      return null;
    });
  }

  /** Returns where the machine is. */
  public Status status() {
    Status s = status;
    return s.state == State.RUNNING ? call(m -> new Status(status.state, m.cpu().now(), "")) : s;
  }

  /**
   * Returns the approximate position of the machine: the tick of a running one may be off by a few
   * thousand, since it is not interrupted.
   */
  public Status glance() {
    Status s = status;
    return s.state == State.RUNNING && thread.isMade()
        ? new Status(s.state, Math.max(s.tick, machine.cpu().now()), s.why)
        : s;
  }

  /** Returns the last known status without asking the machine's thread. */
  public Status lastStatus() {
    return status;
  }

  /** Returns the status that the guest has ended with last; null if it has not. */
  public Integer exitStatus() {
    return exitStatus;
  }

  /** Returns whether the machine repeats what it did before; on its thread. */
  public boolean isReplaying() {
    return history != null && history.isReplaying();
  }

  /** Returns the machine's past; to be used within {@link #call} only. */
  public History history() {
    return history;
  }

  /**
   * Gives the current thread sole control of the machine: others may examine and stop it, but not
   * run it or move it in time.
   *
   * @param refusal the message for others who try
   */
  public void drive(String refusal) {
    driver = new Driver(Thread.currentThread(), refusal);
  }

  /** Ends the sole control of the machine. */
  public void driveNoMore() {
    driver = null;
  }

  private void mustDrive(Thread who) {
    Driver d = driver;
    if (d != null && who != d.thread && !thread.is(who)) {
      throw new SessionException(d.refusal);
    }
  }

  /** Returns whether one thread has sole control of the machine. */
  public boolean isDriven() {
    return driver != null;
  }

  /** Adds an observer, which is called on the machine's thread each time the machine stops. */
  public void onStop(BiConsumer<Machine, Status> observer) {
    observers.add(observer);
  }

  /** Removes an observer. */
  public void onStopNoMore(BiConsumer<Machine, Status> observer) {
    observers.remove(observer);
  }

  /**
   * Adds a watcher, which is called on any thread each time that the machine begins to run, or is
   * at another place.
   */
  public void onChange(Runnable watcher) {
    watchers.add(watcher);
  }

  /**
   * Returns whether the machine moves by itself, rather than for a waiting caller; on the machine's
   * thread.
   */
  public boolean isAlone() {
    return thread.is(thread.asking());
  }

  /** Runs the machine until something stops it. */
  public void resume() {
    mustGoOn();
    resume(Session::untilStop);
  }

  private void mustGoOn() {
    if (status.state == State.ENDED) {
      throw new SessionException("the guest has ended; restore a snapshot, go back, or reboot");
    }
  }

  /** Runs the machine with its mover until it has arrived. */
  public void resume(Motion way) {
    mustDrive(Thread.currentThread());
    call(m -> {
      motion = way;
      history.pass();
      stopped = new CompletableFuture<>();
      note(State.RUNNING, "");
      return null;
    });
  }

  /** Stops a running machine, and cancels a search of the past. */
  public Status pause() {
    pauseRequested = true;
    return call(m -> {
      if (status.state == State.RUNNING) {
        note(State.STOPPED, "stopped");
      }
      return status;
    });
  }

  /** Runs on the machine's thread until a tick; the machine is stopped afterwards. */
  public Status runTo(long tick) {
    mustDrive(Thread.currentThread());
    mustGoOn();
    return call(m -> {
      history.pass();
      pauseRequested = false;
      try {
        Stop stop = history.run(tick);
        while (stop == Stop.INTERRUPTED && !pauseRequested) {
          stop = history.run(tick);
        }
        note(
            State.STOPPED,
            switch (stop) {
              case INTERRUPTED -> "stopped";
              case TICKS -> "";
              default -> why(stop);
            });
      } catch (GuestExit e) {
        noteEnd(e);
      }
      return status;
    });
  }

  /** Ends a {@link #runTo} where it is; for observers, on the machine's thread. */
  public void endRun() {
    pauseRequested = true;
    machine.executor().interrupt();
  }

  /** Goes back to the last stop by a point; {@link #pause} cancels the search. */
  public Found backToStop() {
    return call(m -> {
      pauseRequested = false;
      Found found = history.backTo((n, stop) -> true, () -> pauseRequested);
      note(
          State.STOPPED,
          switch (found) {
            case FOUND -> "";
            case NOTHING -> "nothing would have stopped it before: this is the start";
            case CANCELLED -> "cancelled: the machine is where it was";
          });
      return found;
    });
  }

  /**
   * Goes back to the last instruction that wrote to memory, and stops before it; {@link #pause}
   * cancels the search. If there is none, the machine stays where it was.
   */
  public Found backToWrite(Memory.Watch watch) {
    return call(m -> {
      pauseRequested = false;
      long present = m.cpu().now();
      Points.Point point = history.points().touching(watch, x -> true);
      Found found;
      try {
        found =
            history.backTo(
                (n, stop) -> history.points().stoppedBy().contains(point), () -> pauseRequested);
      } finally {
        history.points().remove(point);
      }
      if (found == Found.FOUND) {
        history.back(m.cpu().now() - 1);
      } else if (found == Found.NOTHING) {
        history.back(present);
      }
      note(State.STOPPED, found == Found.CANCELLED ? "cancelled: the machine is where it was" : "");
      return found;
    });
  }

  /**
   * Runs to a tick, and on from there, without waiting for it: requests made meanwhile are executed
   * when the tick is reached.
   */
  public void start(long tick) {
    mustDrive(Thread.currentThread());
    become(new Status(State.RUNNING, status.tick, ""));
    stopped = new CompletableFuture<>();
    thread.postOwn(() -> {
      motion = Session::untilStop;
      pauseRequested = false;
      while (motionTo(tick) && !thread.isClosed()) {
        note(State.RUNNING, "");
      }
    });
  }

  /** Runs towards a tick; returns whether it was interrupted before reaching it. */
  private boolean motionTo(long tick) {
    try {
      Stop stop = history.run(tick);
      switch (stop) {
        case INTERRUPTED -> {
          return !pauseRequested;
        }
        case TICKS -> note(State.RUNNING, "");
        default -> note(State.STOPPED, why(stop));
      }
    } catch (GuestExit e) {
      noteEnd(e);
    }
    return false;
  }

  /** Waits until the machine is stopped; null when it still runs after the given milliseconds. */
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

  /** Waits until a running machine has passed a tick, or has stopped. */
  public void awaitTick(long tick) {
    try {
      while (status().state() == State.RUNNING && status().tick() < tick) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reports that the machine is at another place now; within {@link #call} only. */
  public void moved(String why) {
    note(State.STOPPED, why);
  }

  /** Reports that the guest has ended the run; only within {@link #call}. */
  public void ended(int exit) {
    exitStatus = exit;
    note(State.ENDED, "the guest has ended with status " + exit);
  }

  @Override
  public void close() {
    thread.close();
  }
}
