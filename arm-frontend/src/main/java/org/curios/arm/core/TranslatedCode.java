package org.curios.arm.core;

/**
 * Translated code as the processor sees it. The processor reports stores into RAM, so that code
 * made of the old bytes is dropped. Debuggers set breakpoints through it.
 */
public interface TranslatedCode {
  /** Returns whether a granule of RAM has translated code: stores into it must be reported. */
  boolean contains(int physical);

  /**
   * Reports a store into RAM.
   *
   * @return whether the store has changed translated code, so that the running block must be left
   */
  boolean stored(int physical, int bytes);

  /** Reports that a whole granule of RAM has changed. */
  void replaced(int granule);

  /**
   * Reports that loads are watched from now on, so code must not have words of memory as constants.
   */
  void watched();

  /** Returns whether there is a breakpoint at a virtual address. */
  boolean hasBreakpoint(int address);

  /**
   * Sets or clears a breakpoint at a virtual address; code that contains it is translated again.
   *
   * @return whether that is a change
   */
  boolean setBreakpoint(int address, boolean set);
}
