package org.curios.arm.core;

import org.curios.arm.bus.GuestExit;

/** Handles the guest's semihosting calls: SVC 0x123456 in ARM state, SVC 0xAB in Thumb state. */
@FunctionalInterface
public interface Semihosting {
  /**
   * Executes an operation.
   *
   * @param cpu the processor, for access to the guest's memory
   * @param operation number of the operation, from R0
   * @param parameter its parameter, from R1
   * @return the new value of R0
   * @throws GuestExit when the guest ends the run
   * @throws NotYet when the processor must wait and repeat the call
   */
  int call(Cpu cpu, int operation, int parameter);
}
