package org.curios.arm.language.interop;

import com.oracle.truffle.api.nodes.Node;

/** What cannot be evaluated where the guest stands; the message says what can. */
public final class ExpressionError extends GuestError {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an error.
   *
   * @param location where the guest stands
   */
  public ExpressionError(String message, Node location) {
    super(message, location.getEncapsulatingSourceSection(), location);
  }
}
