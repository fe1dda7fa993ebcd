package org.curios.lab.session;

/** A command that cannot be carried out; the message says why, and what to do. */
public final class SessionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one with its message. */
  public SessionException(String message) {
    super(message);
  }

  /** Makes one with what has led to it. */
  public SessionException(String message, Throwable cause) {
    super(message, cause);
  }
}
