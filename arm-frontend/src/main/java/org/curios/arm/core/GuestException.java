package org.curios.arm.core;

/** The exceptions of the architecture with their vectors and modes (ARM DDI 0100, A2.6). */
public enum GuestException {
  RESET(0x00, Psr.SUPERVISOR, true),
  UNDEFINED_INSTRUCTION(0x04, Psr.UNDEFINED, false),
  SOFTWARE_INTERRUPT(0x08, Psr.SUPERVISOR, false),
  PREFETCH_ABORT(0x0c, Psr.ABORT, false),
  DATA_ABORT(0x10, Psr.ABORT, false),
  IRQ(0x18, Psr.IRQ, false),
  FIQ(0x1c, Psr.FIQ, true);

  private final int vector;
  private final int mode;
  private final boolean masksFiq;

  GuestException(int vector, int mode, boolean masksFiq) {
    this.vector = vector;
    this.mode = mode;
    this.masksFiq = masksFiq;
  }

  /** Returns the offset from the vector base in bytes. */
  public int vector() {
    return vector;
  }

  /** Returns the mode in which the exception is handled. */
  public int mode() {
    return mode;
  }

  /** Returns whether fast interrupts are masked on entry. */
  public boolean masksFiq() {
    return masksFiq;
  }
}
