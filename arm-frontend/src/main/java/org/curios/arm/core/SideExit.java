package org.curios.arm.core;

import com.oracle.truffle.api.nodes.ControlFlowException;

/**
 * Leaves translated code in the middle of a block, to continue at {@link Cpu#pc}: an exception was
 * taken, or the machine needs attention. One instance.
 */
public final class SideExit extends ControlFlowException {
  private static final long serialVersionUID = 1L;

  /** The only instance; all that matters is in the processor. */
  public static final SideExit INSTANCE = new SideExit();

  private SideExit() {}
}
