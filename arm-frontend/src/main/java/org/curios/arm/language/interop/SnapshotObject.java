package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnknownIdentifierException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.util.List;
import org.curios.arm.language.GuestMachine;

/** The whole machine at a tick, which can be restored. */
@ExportLibrary(InteropLibrary.class)
final class SnapshotObject extends GuestObject {
  final GuestMachine machine;
  final Object snapshot;

  SnapshotObject(GuestMachine machine, Object snapshot) {
    super(Kind.SNAPSHOT);
    this.machine = machine;
    this.snapshot = snapshot;
  }

  @Override
  List<String> members() {
    return List.of("tick");
  }

  @Override
  String describe() {
    return "snapshot at tick " + machine.tick(snapshot);
  }

  @ExportMessage
  boolean isMemberReadable(String member) {
    return has(member);
  }

  @ExportMessage
  @TruffleBoundary
  Object readMember(String member) throws UnknownIdentifierException {
    if (!has(member)) {
      throw UnknownIdentifierException.create(member);
    }
    return machine.tick(snapshot);
  }
}
