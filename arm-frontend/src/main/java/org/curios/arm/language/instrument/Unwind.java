package org.curios.arm.language.instrument;

import com.oracle.truffle.api.nodes.ControlFlowException;

/** Unwinds activations up to the one that {@link GuestRunner} names. One instance. */
final class Unwind extends ControlFlowException {
  private static final long serialVersionUID = 1L;

  static final Unwind INSTANCE = new Unwind();

  private Unwind() {}
}
