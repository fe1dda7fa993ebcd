package org.curios.arm.language.interop;

/** The machine has been asked for something that it cannot do; the message says what to do. */
final class UsageError extends GuestError {
  private static final long serialVersionUID = 1L;

  UsageError(String message) {
    super(message, null);
  }
}
