package org.curios.lab;

/** Something that cannot be read or measured; the message says what and why. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with its message. */
  public LabException(String message) {
    super(message);
  }

  /** Creates one with its cause. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
