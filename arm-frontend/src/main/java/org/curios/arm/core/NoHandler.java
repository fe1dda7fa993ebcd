package org.curios.arm.core;

/** Is notified of exceptions whose vector contains zeros: the program has no handler for them. */
@FunctionalInterface
public interface NoHandler {
  /**
   * An exception has been entered while the MMU is off.
   *
   * @param exception which one
   * @param at address of the instruction that raised it, or of the next one for an interrupt; bit 0
   *     is the T bit
   * @param vector where the processor continues
   */
  void report(GuestException exception, int at, int vector);
}
