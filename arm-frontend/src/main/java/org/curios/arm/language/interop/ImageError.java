package org.curios.arm.language.interop;

import com.oracle.truffle.api.interop.ExceptionType;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import com.oracle.truffle.api.source.Source;

/** An image that cannot be used; the message says why, and what to do. */
@ExportLibrary(InteropLibrary.class)
public final class ImageError extends GuestError {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an error.
   *
   * @param source the image, or null
   */
  public ImageError(String message, Source source) {
    super(message, source == null ? null : source.createUnavailableSection());
  }

  @ExportMessage
  ExceptionType getExceptionType() {
    return ExceptionType.PARSE_ERROR;
  }

  @ExportMessage
  boolean isExceptionIncompleteSource() {
    return false;
  }
}
