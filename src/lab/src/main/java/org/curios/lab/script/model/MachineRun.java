package org.curios.lab.script.model;

import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor.Stop;

/** The runs of a script's machine, one at a time, until its guest ends. */
final class MachineRun {
  private static final long TICKS_PER_US = VirtualClock.HZ / 1_000_000;

  private final Workbench workbench;
  private final Port port;
  private final ScriptPoints points;
  private boolean running;
  private boolean stopAsked;
  private Integer status;

  MachineRun(Workbench workbench, Port port, ScriptPoints points) {
    this.workbench = workbench;
    this.port = port;
    this.points = points;
  }

  /** Returns whether it runs: within a callback. */
  boolean isRunning() {
    return running;
  }

  /** Returns the status that the guest has ended with; null while it has not. */
  Integer status() {
    return status;
  }

  /** Sets the status that belongs to the restored state. */
  void putStatus(Integer ended) {
    status = ended;
  }

  /** Ends the run here. */
  void stop() {
    stopAsked = true;
  }

  /**
   * Returns a length that is given in one of three units, in ticks; {@link VirtualClock#NEVER} if
   * it is given in none.
   *
   * @throws ScriptException when it is given twice, or is negative
   */
  static long length(Long ticks, Double us, Double ms) {
    int given = (ticks != null ? 1 : 0) + (us != null ? 1 : 0) + (ms != null ? 1 : 0);
    if (given == 0) {
      return VirtualClock.NEVER;
    }
    double length =
        ticks != null ? ticks : us != null ? us * TICKS_PER_US : ms * TICKS_PER_US * 1e3;
    if (given > 1 || !(length >= 0 && length < 1e15)) {
      throw ScriptException.usage("give one of ticks, us, ms, of 0 or more");
    }
    return Math.round(length);
  }

  /**
   * Runs to a tick.
   *
   * @return why the run has ended, as {@link ScriptMachine#run} says it
   */
  String to(long tick) {
    mustBeAble();
    running = true;
    stopAsked = false;
    try {
      port.machine().executor().passBreakpoint();
      while (true) {
        workbench.check();
        Stop stop = port.run(tick);
        switch (stop) {
          case TICKS -> {
            return "ticks";
          }
          case INTERRUPTED -> {} // by another thread, which looks at the machine or stops the
          // script
          case IDLE -> {
            return "idle";
          }
          case DEAD -> {
            return "dead";
          }
          case BREAKPOINT, WATCHPOINT -> {
            if (points.stops(stop == Stop.WATCHPOINT)) {
              return stop == Stop.WATCHPOINT ? "watchpoint" : "breakpoint";
            }
            if (stopAsked) {
              return "stopped";
            }
            if (stop == Stop.BREAKPOINT) {
              port.machine().executor().passBreakpoint();
            }
          }
        }
      }
    } catch (GuestExit e) {
      status = e.status();
      port.ended(e);
      return "ended";
    } finally {
      running = false;
    }
  }

  private void mustBeAble() {
    if (running) {
      throw ScriptException.guest(
          "the machine runs already: a callback may look at it, change it, stop it or fork it");
    }
    if (status != null) {
      throw ScriptException.guest(
          "the guest has ended with status "
              + status
              + "; restore a snapshot, or boot another one");
    }
  }

  void mustNotRun() {
    if (running) {
      throw ScriptException.guest("not in a callback of the machine; stop the run first");
    }
  }
}
