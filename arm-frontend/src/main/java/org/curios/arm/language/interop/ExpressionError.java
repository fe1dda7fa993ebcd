package org.curios.arm.language.interop;

import com.oracle.truffle.api.nodes.Node;

/** An expression that cannot be evaluated; the message says what can. */
public final class ExpressionError extends GuestError {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an error.
   *
   * @param location where the guest is stopped
   */
  public ExpressionError(String message, Node location) {
    super(message, location.getEncapsulatingSourceSection(), location);
  }
}
