package org.curios.arm;

/**
 * Finds guests that are dead for good: the handlers of aborts and undefined instructions do nothing
 * but abort and meet undefined instructions themselves, with no interrupt between.
 */
final class ExceptionLoop {
  /** Looks in a row that make a loop. */
  private static final int LOOKS = 3;

  /** Instructions between two looks. */
  private static final int PERIOD = 10_000;

  /** At least one nested exception in so many instructions. */
  private static final int DENSITY = 8;

  private final Cpu cpu;
  private long lastTick;
  private long lastNested;
  private int looks;

  ExceptionLoop(Cpu cpu) {
    this.cpu = cpu;
  }

  /** Called between slices; returns whether the last ones were nothing but nested exceptions. */
  boolean hasNoWayOut() {
    long ticks = cpu.now() - lastTick;
    if (ticks < PERIOD) {
      return false;
    }
    long nested = cpu.nestedExceptions - lastNested;
    looks = nested * DENSITY >= ticks ? looks + 1 : 0;
    lastTick = cpu.now();
    lastNested = cpu.nestedExceptions;
    return looks >= LOOKS;
  }
}
