package org.curios.lab;

/** Something that cannot be read or measured; the message says what and why. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one with its message. */
  public LabException(String message) {
    super(message);
  }

  /** Makes one with what has led to it. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
