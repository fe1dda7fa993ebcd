package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.TruffleObject;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.util.List;
import org.curios.arm.language.ArmLanguage;

/** Common behaviour of all objects of the machine: language, kind, and members by name. */
@ExportLibrary(InteropLibrary.class)
abstract class GuestObject implements TruffleObject {
  private final Kind kind;

  GuestObject(Kind kind) {
    this.kind = kind;
  }

  /** Returns the names of the members, those that are called and those that are read. */
  abstract List<String> members();

  /** Returns a text for people. */
  abstract String describe();

  @ExportMessage
  final boolean hasLanguage() {
    return true;
  }

  @ExportMessage
  final Class<? extends TruffleLanguage<?>> getLanguage() {
    return ArmLanguage.class;
  }

  @ExportMessage
  final boolean hasMetaObject() {
    return true;
  }

  @ExportMessage
  final Object getMetaObject() {
    return kind;
  }

  @ExportMessage
  @TruffleBoundary
  final Object toDisplayString(@SuppressWarnings("unused") boolean allowSideEffects) {
    return describe();
  }

  @ExportMessage
  final boolean hasMembers() {
    return true;
  }

  @ExportMessage
  @TruffleBoundary
  final Object getMembers(@SuppressWarnings("unused") boolean includeInternal) {
    return new ListObject(List.<Object>copyOf(members()));
  }

  @TruffleBoundary
  final boolean has(String member) {
    return members().contains(member);
  }
}
