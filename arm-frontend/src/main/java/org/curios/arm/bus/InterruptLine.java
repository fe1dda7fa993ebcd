package org.curios.arm.bus;

/** A level-sensitive interrupt wire from a device towards the processor. */
@FunctionalInterface
public interface InterruptLine {
  /**
   * Sets the level of the wire.
   *
   * @param raised whether the interrupt is requested
   */
  void set(boolean raised);
}
