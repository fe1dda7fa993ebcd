package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;

/** What faults leave to do on a machine: stuck bits, and effects at later ticks. */
public final class Aftermath implements FaultHost {
  private final Machine machine;

  /** Stuck bits, which are set again before each instruction. */
  private final List<Runnable> pins = new ArrayList<>();

  private final PriorityQueue<Appointment> appointments =
      new PriorityQueue<>(Comparator.comparingLong(Appointment::tick));

  /** Later effects of a fault. */
  private record Appointment(long tick, Runnable action) {}

  /** Starts with nothing to do. */
  public Aftermath(Machine machine) {
    this.machine = machine;
  }

  @Override
  public void pin(Runnable again) {
    pins.add(again);
    machine.executor().instrument(this::runPinned);
  }

  /** Executes single instructions, and sets stuck bits before each. */
  private void runPinned() {
    Executor executor = machine.executor();
    while (executor.mayGoOn() && !executor.stopsHere()) {
      pins.forEach(Runnable::run);
      executor.single();
    }
  }

  @Override
  public void later(long ticks, Runnable action) {
    appointments.add(new Appointment(machine.cpu().now() + ticks, action));
  }

  /** Returns whether there is something to do: the faults are not over. */
  public boolean isPending() {
    return !pins.isEmpty() || !appointments.isEmpty();
  }

  /** Performs due actions; returns the tick of the next one. */
  public long perform() {
    while (!appointments.isEmpty() && appointments.peek().tick <= machine.cpu().now()) {
      appointments.poll().action.run();
    }
    return appointments.isEmpty() ? Long.MAX_VALUE : appointments.peek().tick;
  }

  /** Forgets everything, since the machine is restored. */
  public void forget() {
    pins.clear();
    machine.executor().instrument(null);
    appointments.clear();
  }
}
