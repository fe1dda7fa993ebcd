package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.ArityException;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnsupportedTypeException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.util.List;

/** A method of the machine, read as a member, to be called later. */
@ExportLibrary(InteropLibrary.class)
final class MethodObject extends GuestObject {
  private final MachineObject machine;
  private final MachineMethod method;

  MethodObject(MachineObject machine, MachineMethod method) {
    super(Kind.METHOD);
    this.machine = machine;
    this.method = method;
  }

  @Override
  List<String> members() {
    return List.of();
  }

  @Override
  String describe() {
    return method.signature();
  }

  @ExportMessage
  boolean isExecutable() {
    return true;
  }

  @ExportMessage
  boolean hasExecutableName() {
    return true;
  }

  @ExportMessage
  Object getExecutableName() {
    return method.id();
  }

  @ExportMessage
  @TruffleBoundary
  Object execute(Object[] arguments) throws ArityException, UnsupportedTypeException {
    return machine.call(method, arguments);
  }
}
