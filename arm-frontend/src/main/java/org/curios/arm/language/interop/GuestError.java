package org.curios.arm.language.interop;

import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.exception.AbstractTruffleException;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import com.oracle.truffle.api.nodes.Node;
import com.oracle.truffle.api.source.SourceSection;
import org.curios.arm.language.ArmLanguage;

/** An error of a machine, which programs of any language can catch. */
@ExportLibrary(InteropLibrary.class)
abstract class GuestError extends AbstractTruffleException {
  private static final long serialVersionUID = 1L;

  private final transient SourceSection section;

  GuestError(String message, SourceSection section) {
    this(message, section, null);
  }

  /**
   * Makes an error.
   *
   * @param location what has failed, the innermost element of the stack trace; or null
   */
  GuestError(String message, SourceSection section, Node location) {
    super(message, location);
    this.section = section;
  }

  @ExportMessage
  final boolean hasLanguage() {
    return true;
  }

  @ExportMessage
  final Class<? extends TruffleLanguage<?>> getLanguage() {
    return ArmLanguage.class;
  }

  @ExportMessage
  final Object toDisplayString(@SuppressWarnings("unused") boolean allowSideEffects) {
    return getMessage();
  }

  @ExportMessage
  final boolean hasSourceLocation() {
    return section != null;
  }

  @ExportMessage
  final SourceSection getSourceLocation() throws UnsupportedMessageException {
    if (section == null) {
      throw UnsupportedMessageException.create();
    }
    return section;
  }
}
