package org.curios.arm;

import com.oracle.truffle.api.nodes.ControlFlowException;

/**
 * Leaves translated code for {@link Cpu#pc}: an exception was taken, or the machine wants
 * attention.
 */
public sealed class Trap extends ControlFlowException permits Miss {
  private static final long serialVersionUID = 1L;

  /** The instance for all cases in which all that matters is in the processor. */
  public static final Trap INSTANCE = new Trap();

  Trap() {}
}
