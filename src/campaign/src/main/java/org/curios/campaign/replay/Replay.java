package org.curios.campaign.replay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.curios.campaign.result.Row;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.Session;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultHost;
import org.curios.lab.trial.Injector;
import org.curios.lab.trial.MachineInjector;
import org.curios.lab.trial.Workload;
import org.curios.machine.Machine;
import org.curios.machine.device.Pl011;

/** Moves a session to the fault of a trial, with the same input before and after it. */
public final class Replay {
  private Replay() {}

  /** Returns the faults of a trial, all with the tick at which they happened. */
  public static List<Fault> faults(Row row) {
    List<Fault> faults = new ArrayList<>();
    faults.add(Fault.parse(row.fault()));
    if (!row.second().isEmpty()) {
      Fault second = Fault.parse(row.second());
      faults.add(
          second.inRecovery() ? second.at(row.tick() + row.detectTicks() + second.tick()) : second);
    }
    return faults;
  }

  /**
   * Runs a machine that has just been loaded up to a fault, and injects the fault.
   *
   * @param faults of the trial, in the order of time
   * @throws LabException when a fault lasts, or strikes where nothing is
   */
  public static void prepare(
      Session session, Symbols symbols, Workload workload, List<Fault> faults) {
    mustBeTransient(faults);
    if (!workload.input().isEmpty()) {
      Typist typist = new Typist(session, workload);
      session.call(m -> {
        typist.foresee(0, workload.input().get(0).tick());
        return null;
      });
    }
    Guest guest = new Guest(symbols);
    strike(session, faults, (m, fault, host) -> Injector.strike(guest.at(m), fault, host));
  }

  /**
   * Runs a machine with another image than CuriOS, which has just been loaded, up to a fault, and
   * injects the fault.
   *
   * @param faults of the trial, in the order of time
   * @throws LabException when a fault lasts, or strikes where nothing is
   */
  public static void prepareForeign(Session session, List<Fault> faults) {
    mustBeTransient(faults);
    strike(session, faults, MachineInjector::strike);
  }

  private static void mustBeTransient(List<Fault> faults) {
    for (Fault f : faults) {
      if (f.mode() != Fault.Mode.FLIP) {
        throw new LabException(f + ": a bit that is stuck cannot be replayed in the shell");
      }
    }
  }

  /** Injects a fault into a machine. */
  @FunctionalInterface
  private interface Striker {
    void strike(Machine m, Fault fault, FaultHost host);
  }

  private static void strike(Session session, List<Fault> faults, Striker striker) {
    Fault first = faults.get(0);
    session.runTo(first.tick());
    session.change(m -> striker.strike(m, first, new SessionHost(session, m, first)));
    for (Fault later : faults.subList(1, faults.size())) {
      session.foresee(
          later.tick(), m -> striker.strike(m, later, new SessionHost(session, m, later)));
    }
  }

  /** Types as in a trial: a character that finds no room waits, and the others with it. */
  private static final class Typist {
    private final Session session;
    private final Workload workload;

    /**
     * Ticks at which something is typed: a replay that reaches them again must not type it twice.
     */
    private final Set<Long> known = new HashSet<>();

    Typist(Session session, Workload workload) {
      this.session = session;
      this.workload = workload;
    }

    void foresee(int number, long tick) {
      if (number < workload.input().size() && known.add(tick)) {
        session.history().foresee(tick, m -> type(m, number));
      }
    }

    private void type(Machine m, int number) {
      Pl011 uart = m.board().uart(0);
      int next = number;
      if (uart.canReceive()) {
        uart.receive(workload.input().get(next++).character());
      }
      if (next < workload.input().size()) {
        foresee(next, Math.max(workload.input().get(next).tick(), m.cpu().now() + workload.pace()));
      }
    }
  }

  /**
   * Carries on with a fault in a session.
   *
   * @param session where it strikes
   * @param machine that it strikes
   * @param fault the fault
   */
  private record SessionHost(Session session, Machine machine, Fault fault) implements FaultHost {
    @Override
    public void pin(Runnable again) {
      throw new LabException(fault + ": it lasts, which only trials can do");
    }

    @Override
    public void later(long ticks, Runnable action) {
      session.history().foresee(machine.cpu().now() + ticks, x -> action.run());
    }
  }
}
