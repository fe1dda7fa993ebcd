package org.curios.lab.gdb;

import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Memory.Watch;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.session.History;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;

/** A movement of the machine that gdb requested, and the reason of its end. */
abstract class Move implements Session.Motion {
  final GdbBreakpoints breakpoints;
  private volatile boolean cancelled;
  private StopReason reason = StopReason.INTERRUPTED;

  Move(GdbBreakpoints breakpoints) {
    this.breakpoints = breakpoints;
  }

  /** Asks a search in the past to end; others end when the session is paused. */
  final void cancel() {
    cancelled = true;
  }

  final boolean isCancelled() {
    return cancelled;
  }

  /** Returns the reason of the stop: by request, unless there is a more specific one. */
  final StopReason reason() {
    return reason;
  }

  /** Ends the move for a reason. */
  final String arrive(StopReason why) {
    reason = why;
    breakpoints.report(GdbBreakpoints.NOWHERE);
    return "gdb";
  }

  /** Runs to a tick or a stop. */
  final Stop run(Machine m, History history, long untilTick) {
    try {
      return history.run(untilTick);
    } catch (GuestExit e) {
      reason = StopReason.ended(e.status());
      throw e;
    }
  }

  /**
   * Returns why a run that has stopped is to end here; null if it is to continue: a stop for
   * something that gdb no longer wants, or that is part of the move.
   */
  final StopReason why(Machine m, Stop stop) {
    return switch (stop) {
      case TICKS, INTERRUPTED -> null;
      case IDLE -> StopReason.IDLE;
      case DEAD -> StopReason.DEAD;
      case BREAKPOINT -> {
        int pc = m.cpu().register(GdbRegisters.PC);
        GdbBreakpoints.Kind kind = breakpoints.at(pc);
        yield kind != null
            ? StopReason.breakpoint(kind)
            : breakpoints.owns(pc) ? null : StopReason.TRAP;
      }
      case WATCHPOINT -> {
        Watch watch = m.cpu().memory.lastHit();
        GdbBreakpoints.Kind kind = breakpoints.kindOf(watch);
        yield kind != null
            ? StopReason.watchpoint(kind, watch.address())
            : breakpoints.owns(watch) ? null : StopReason.TRAP;
      }
    };
  }
}
