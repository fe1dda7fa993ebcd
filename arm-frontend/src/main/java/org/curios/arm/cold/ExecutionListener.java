package org.curios.arm.cold;

/** Counts executions of blocks in the word interpreter. */
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
