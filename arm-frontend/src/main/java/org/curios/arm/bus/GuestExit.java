package org.curios.arm.bus;

/** The guest has requested the end of the run, or can no longer run. Stackless. */
public final class GuestExit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Ends the run.
   *
   * @param status exit status of the guest, 0..255
   */
  public GuestExit(int status) {
    super("guest exit " + status, null, false, false);
    this.status = status;
  }

  /** Returns the exit status of the guest, 0..255. */
  public int status() {
    return status;
  }
}
