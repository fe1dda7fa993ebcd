package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.InvalidArrayIndexException;
import com.oracle.truffle.api.interop.TruffleObject;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.util.List;
import org.curios.arm.language.ArmLanguage;

/** A list that can only be read. */
@ExportLibrary(InteropLibrary.class)
final class ListObject implements TruffleObject {
  private final List<Object> elements;

  ListObject(List<Object> elements) {
    this.elements = elements;
  }

  @ExportMessage
  boolean hasArrayElements() {
    return true;
  }

  @ExportMessage
  @TruffleBoundary
  long getArraySize() {
    return elements.size();
  }

  @ExportMessage
  @TruffleBoundary
  boolean isArrayElementReadable(long index) {
    return index >= 0 && index < elements.size();
  }

  @ExportMessage
  @TruffleBoundary
  Object readArrayElement(long index) throws InvalidArrayIndexException {
    if (index < 0 || index >= elements.size()) {
      throw InvalidArrayIndexException.create(index);
    }
    return elements.get((int) index);
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
    return Kind.LIST;
  }

  @ExportMessage
  @TruffleBoundary
  Object toDisplayString(boolean allowSideEffects) {
    InteropLibrary values = InteropLibrary.getUncached();
    StringBuilder text = new StringBuilder("[");
    for (Object element : elements) {
      text.append(text.length() == 1 ? "" : ", ")
          .append(values.toDisplayString(element, allowSideEffects));
    }
    return text.append(']').toString();
  }
}
