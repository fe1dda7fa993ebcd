package org.curios.lab.gdb;

import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.session.History;
import org.curios.machine.Machine;

/** Runs the machine until something stops it. */
final class Forward extends Move {
  private boolean begun;

  Forward(GdbBreakpoints breakpoints) {
    super(breakpoints);
  }

  @Override
  public String move(Machine m, History history) {
    if (!begun) {
      begun = true;
      breakpoints.settle(history.points());
    }
    while (true) {
      Stop stop = run(m, history, VirtualClock.NEVER);
      if (stop == Stop.INTERRUPTED) {
        return null;
      }
      StopReason why = why(m, stop);
      if (why != null) {
        return arrive(why);
      }
      m.executor().passBreakpoint();
    }
  }
}
