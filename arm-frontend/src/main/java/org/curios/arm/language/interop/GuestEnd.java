package org.curios.arm.language.interop;

import com.oracle.truffle.api.interop.ExceptionType;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;

/** The guest has ended the run. */
@ExportLibrary(InteropLibrary.class)
final class GuestEnd extends GuestError {
  private static final long serialVersionUID = 1L;

  private final int status;

  GuestEnd(int status) {
    super("the guest has ended with status " + status, null);
    this.status = status;
  }

  @ExportMessage
  ExceptionType getExceptionType() {
    return ExceptionType.EXIT;
  }

  @ExportMessage
  int getExceptionExitStatus() {
    return status;
  }
}
