package org.curios.lab.trial;

/** Whoever runs the machine that a fault strikes, for faults that last. */
public interface FaultHost {
  /** Has something done again before each instruction, until the machine is restored. */
  void pin(Runnable again);

  /** Makes a change; if the fault lasts, it is made again before each instruction. */
  default void change(Fault fault, Runnable change) {
    change.run();
    if (!fault.isTransient()) {
      pin(change);
    }
  }

  /** Has something done once, a given number of ticks from now. */
  void later(long ticks, Runnable action);
}
