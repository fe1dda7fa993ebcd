package org.curios.arm.language.interop;

import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.TruffleObject;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.library.CachedLibrary;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import org.curios.arm.language.ArmLanguage;

/** The meta object of a kind of objects. */
@ExportLibrary(InteropLibrary.class)
final class Kind implements TruffleObject {
  static final Kind MACHINE = new Kind("Machine");
  static final Kind REGISTERS = new Kind("Registers");
  static final Kind MEMORY = new Kind("Memory");
  static final Kind SNAPSHOT = new Kind("Snapshot");
  static final Kind FRAME = new Kind("Frame");
  static final Kind METHOD = new Kind("Method");
  static final Kind LIST = new Kind("List");
  static final Kind WORD = new Kind("Word");

  private final String name;

  private Kind(String name) {
    this.name = name;
  }

  @ExportMessage
  boolean isMetaObject() {
    return true;
  }

  @ExportMessage
  Object getMetaSimpleName() {
    return name;
  }

  @ExportMessage
  Object getMetaQualifiedName() {
    return "arm." + name;
  }

  @ExportMessage
  boolean isMetaInstance(Object instance, @CachedLibrary(limit = "3") InteropLibrary instances) {
    try {
      return instances.hasMetaObject(instance) && instances.getMetaObject(instance) == this;
    } catch (UnsupportedMessageException e) {
      return false;
    }
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
  Object toDisplayString(@SuppressWarnings("unused") boolean allowSideEffects) {
    return name;
  }
}
