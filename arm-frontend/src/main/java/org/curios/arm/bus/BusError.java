package org.curios.arm.bus;

/**
 * Nothing answered on the bus: the access ends in an external abort (ARM DDI 0100, B4.6.1).
 * Stackless, one instance.
 */
public final class BusError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The only instance: the processor knows the address and the kind of the access. */
  public static final BusError INSTANCE = new BusError();

  private BusError() {
    super("no device answers at this physical address", null, false, false);
  }
}
