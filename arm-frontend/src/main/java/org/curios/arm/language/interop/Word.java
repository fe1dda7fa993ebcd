package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.TruffleObject;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.util.Locale;
import org.curios.arm.language.ArmLanguage;

/** A register or an address: a number from 0 to 2^32 - 1, shown in hexadecimal digits. */
@ExportLibrary(value = InteropLibrary.class, delegateTo = "delegate")
final class Word implements TruffleObject {
  static final long MASK = 0xffffffffL;

  final Long delegate;

  private Word(long number) {
    this.delegate = number;
  }

  /** Returns a register or an address. */
  static Word unsigned(int word) {
    return new Word(word & MASK);
  }

  /**
   * Returns a value as a word: a whole number from -2^31 to 2^32 - 1.
   *
   * @throws UnsupportedMessageException when it is none
   */
  static int of(Object value, InteropLibrary values) throws UnsupportedMessageException {
    if (values.fitsInLong(value)) {
      long number = values.asLong(value);
      if (number >= Integer.MIN_VALUE && number <= MASK) {
        return (int) number;
      }
    }
    throw UnsupportedMessageException.create();
  }

  @ExportMessage
  boolean hasLanguage() {
    return true;
  }

  @ExportMessage
  Class<? extends TruffleLanguage<?>> getLanguage() {
    return ArmLanguage.class;
  }

  @ExportMessage
  boolean hasMetaObject() {
    return true;
  }

  @ExportMessage
  Object getMetaObject() {
    return Kind.WORD;
  }

  @ExportMessage
  @TruffleBoundary
  Object toDisplayString(@SuppressWarnings("unused") boolean allowSideEffects) {
    return String.format(Locale.ROOT, "0x%08x", delegate);
  }
}
