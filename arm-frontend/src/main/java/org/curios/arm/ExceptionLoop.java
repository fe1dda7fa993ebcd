package org.curios.arm;

/**
 * Finds guests that are dead for good: the same exceptions from the same state, over and over, with nothing that could
 * end it.
 */
final class ExceptionLoop {
  /** Looks with nothing but the same exceptions that make a loop. */
  private static final int LOOKS = 3;

  /** At least one exception in so many instructions. */
  private static final int DENSITY = 8;

  private final Cpu cpu;
  private long lastTick;
  private long lastExceptions;
  private int lastState;
  private int same;

  ExceptionLoop(Cpu cpu) {
    this.cpu = cpu;
  }

  /** Called between slices; returns whether the last ones have gone round in a loop of exceptions. */
  boolean hasNoWayOut() {
    long ticks = cpu.now() - lastTick;
    if (ticks < 10_000) {
      return false;
    }
    long exceptions = cpu.exceptions - lastExceptions;
    int state = state();
    boolean stuck =
        exceptions * DENSITY >= ticks
            && state == lastState
            && (cpu.mode() == Psr.ABORT || cpu.mode() == Psr.UNDEFINED)
            && !cpu.clock.mayInterrupt();
    same = stuck ? same + 1 : 0;
    lastTick = cpu.now();
    lastExceptions = cpu.exceptions;
    lastState = state;
    return same >= LOOKS;
  }

  private int state() {
    int hash = cpu.mode();
    for (int i = 0; i < 15; i++) {
      hash = 31 * hash + cpu.register(i);
    }
    return hash;
  }
}
