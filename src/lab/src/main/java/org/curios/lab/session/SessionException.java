package org.curios.lab.session;

/** A command that cannot be executed; the message says why, and what to do. */
public final class SessionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with its message. */
  public SessionException(String message) {
    super(message);
  }

  /** Creates one with its cause. */
  public SessionException(String message, Throwable cause) {
    super(message, cause);
  }
}
