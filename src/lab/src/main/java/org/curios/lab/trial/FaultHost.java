package org.curios.lab.trial;

/** The runner of the machine that a fault strikes, for lasting faults. */
public interface FaultHost {
  /** Repeats an action before each instruction, until the machine is restored. */
  void pin(Runnable again);

  /** Makes a change; for a lasting fault, it is repeated before each instruction. */
  default void change(Fault fault, Runnable change) {
    change.run();
    if (!fault.isTransient()) {
      pin(change);
    }
  }

  /** Performs an action once, a given number of ticks from now. */
  void later(long ticks, Runnable action);
}
