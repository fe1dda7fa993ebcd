package org.curios.arm.code;

/**
 * Blocks that are compiled together, as the code cache and the executor see them. The blocks have
 * numbers from 0.
 */
public interface CompiledUnit {
  /** Returns whether its compiled code has been seen. */
  boolean isCompiled();

  /** Returns whether the unit can be entered at a block. */
  boolean isEntrance(int block);

  /**
   * Returns how much of the unit may be fetched in the current mode where it was translated.
   *
   * @param block a block that has just been fetched
   */
  Reach reach(int block);

  /** Returns the most instructions between two polls of events. */
  int slack();

  /** Returns whether there is compiled code. Frequent calls request the compilation. */
  boolean probe();

  /** Runs from a block, within what may be fetched, until the unit is left. */
  void enter(int block, Reach reach);

  /** Records that the unit was left at an address, before a memory access without a fast path. */
  void noteMiss(int pc);

  /**
   * Counts a visit. Returns false if visits are so short that warm code is faster, which runs from
   * one granule to the next at less cost than a visit has.
   *
   * @param ticks instructions that it ran
   */
  boolean isWorthVisiting(long ticks);

  /** Drops the unit for good: no other is built around the block around which it was built. */
  void giveUp();

  /** Drops the unit: no block leads to it any more. */
  void drop();
}
