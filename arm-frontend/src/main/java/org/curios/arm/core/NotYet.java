package org.curios.arm.core;

import org.curios.arm.bus.VirtualClock;

/**
 * A semihosting call waits for the host, such as for input: the processor repeats the call a little
 * later. Stackless, one instance.
 */
public final class NotYet extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The only instance. */
  public static final NotYet INSTANCE = new NotYet();

  /** Ticks until the call is made again. */
  public static final long TICKS = VirtualClock.HZ / 50;

  private NotYet() {
    super("the host has no answer yet", null, false, false);
  }
}
