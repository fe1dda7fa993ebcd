package org.curios.arm;

import com.oracle.truffle.api.nodes.ControlFlowException;

/**
 * Leaves translated code for {@link Cpu#pc}: an exception was taken, or the machine wants
 * attention. One instance.
 */
public final class Trap extends ControlFlowException {
  private static final long serialVersionUID = 1L;

  /** The only instance; all that matters is in the processor. */
  public static final Trap INSTANCE = new Trap();

  private Trap() {}
}
