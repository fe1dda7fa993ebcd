package org.curios.machine.image;

/**
 * An image or another file given by the user cannot be used; the message says what is wrong and
 * what to do.
 */
public final class ImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with one line for the user. */
  public ImageException(String message) {
    super(message);
  }
}
