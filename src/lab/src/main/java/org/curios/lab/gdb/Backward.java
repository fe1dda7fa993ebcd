package org.curios.lab.gdb;

import org.curios.arm.run.Executor.Stop;
import org.curios.lab.session.History;
import org.curios.machine.Machine;

/** Goes back to the last breakpoint or watched access. */
final class Backward extends Move {
  private StopReason last;

  Backward(GdbBreakpoints breakpoints) {
    super(breakpoints);
  }

  @Override
  public String move(Machine m, History history) {
    breakpoints.settle(history.points());
    return switch (history.backTo(this::counts, this::isCancelled)) {
      case NOTHING -> arrive(StopReason.HISTORY_BEGIN);
      case CANCELLED -> arrive(StopReason.INTERRUPTED);
      case FOUND -> {
        String arrived = arrive(last);
        if (isWatch(last)) {
          // gdb for ARM assumes that the machine is stopped before the access, steps over it, and
          // looks at the value then. On the way back the order is reversed.
          history.back(m.cpu().now() + 1);
          breakpoints.report(m.cpu().now());
        }
        yield arrived;
      }
    };
  }

  private boolean counts(Machine m, Stop stop) {
    StopReason why = why(m, stop);
    if (why != null) {
      last = why;
    }
    return why != null;
  }

  private static boolean isWatch(StopReason reason) {
    return reason.words().contains("watch:");
  }
}
