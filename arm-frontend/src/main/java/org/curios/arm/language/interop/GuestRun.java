package org.curios.arm.language.interop;

import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.TranslatedCode;
import org.curios.arm.language.GuestMachine;
import org.curios.arm.run.Executor.Stop;

/** Runs a machine for one caller at a time, and turns the ways in which it ends into exceptions. */
final class GuestRun {
  private final GuestMachine machine;
  private volatile Thread runner;
  private volatile boolean stopWanted;
  private Integer ended;

  GuestRun(GuestMachine machine) {
    this.machine = machine;
  }

  boolean isRunning() {
    return runner != null;
  }

  /** Refuses an access while the machine runs on another thread. */
  void checkStopped() {
    Thread running = runner;
    if (running != null && running != Thread.currentThread()) {
      throw new UsageError("the machine runs on another thread; stop() it first");
    }
  }

  /** Asks a run on another thread to stop soon. */
  void stop() {
    if (runner != null) {
      stopWanted = true;
      machine.executor().interrupt();
    }
  }

  void forgetEnd() {
    ended = null;
  }

  /** Runs until a tick; returns why it has stopped. */
  String run(long untilTick) {
    begin();
    try {
      machine.executor().passBreakpoint();
      Stop stop = machine.executor().run(untilTick);
      while (stop == Stop.INTERRUPTED && !stopWanted) {
        stop = machine.executor().run(untilTick);
      }
      if (stop == Stop.DEAD) {
        throw GuestFault.of(machine);
      }
      return name(stop);
    } catch (GuestExit e) {
      ended = e.status();
      throw new GuestEnd(e.status());
    } finally {
      runner = null;
    }
  }

  /** Executes a number of instructions. */
  String step(long instructions) {
    return run(Math.min(machine.cpu().now(), VirtualClock.NEVER - instructions) + instructions);
  }

  /** Runs to an address, or until something else stops the run. */
  String until(int address, long untilTick) {
    TranslatedCode code = machine.cpu().code;
    boolean was = code.hasBreakpoint(address & ~1);
    code.setBreakpoint(address & ~1, true);
    try {
      return run(untilTick);
    } finally {
      code.setBreakpoint(address & ~1, was);
    }
  }

  private synchronized void begin() {
    if (runner != null) {
      throw new UsageError("the machine runs already; stop() it first");
    }
    if (ended != null) {
      throw new UsageError(
          "the guest has ended with status " + ended + "; restore a snapshot to go on");
    }
    stopWanted = false;
    runner = Thread.currentThread();
  }

  private static String name(Stop stop) {
    return switch (stop) {
      case TICKS -> "tick";
      case BREAKPOINT -> "breakpoint";
      case WATCHPOINT -> "watchpoint";
      case INTERRUPTED -> "stopped";
      case IDLE -> "idle";
      case DEAD -> "dead";
    };
  }
}
