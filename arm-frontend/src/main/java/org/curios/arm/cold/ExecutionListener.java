package org.curios.arm.cold;

/** Counts how often the interpreter of words begins blocks. */
@FunctionalInterface
public interface ExecutionListener {
  /**
   * Counts executions of a block.
   *
   * @param pc its address with the T bit
   * @param physical its offset in RAM
   * @param count executions since the last report
   */
  void executed(int pc, int physical, int count);
}
