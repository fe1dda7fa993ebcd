package org.curios.arm.language.interop;

/** A request that the machine cannot fulfil; the message says what to do. */
final class UsageError extends GuestError {
  private static final long serialVersionUID = 1L;

  UsageError(String message) {
    super(message, null);
  }
}
