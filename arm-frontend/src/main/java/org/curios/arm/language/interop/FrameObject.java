package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnknownIdentifierException;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import com.oracle.truffle.api.source.SourceSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.arm.language.GuestCode;
import org.curios.arm.language.GuestCode.Frame;
import org.curios.arm.language.GuestCode.Line;
import org.curios.arm.language.GuestMachine;

/** An activation of a guest function. */
@ExportLibrary(InteropLibrary.class)
final class FrameObject extends GuestObject {
  private static final List<String> LOCATED =
      List.of("function", "pc", "registers", "file", "line");

  private final RegistersObject registers;
  private final Frame frame;
  private final String function;
  private final Line line;
  private final SourceSection section;

  private FrameObject(GuestMachine machine, Frame frame) {
    super(Kind.FRAME);
    GuestCode code = machine.code();
    this.frame = frame;
    this.function = code.functionAt(frame.place()).name();
    this.line = code.lineAt(frame.place());
    this.section = line == null ? null : new GuestSources(code, null).section(line);
    this.registers = RegistersObject.scope(machine.cpu(), frame, function, null);
  }

  /** Returns the activations of a stopped machine, the innermost first. */
  static ListObject stack(GuestMachine machine) {
    List<Object> frames = new ArrayList<>();
    machine.code().stack(machine.cpu()).forEach(f -> frames.add(new FrameObject(machine, f)));
    return new ListObject(frames);
  }

  @Override
  List<String> members() {
    return line == null ? LOCATED.subList(0, 3) : LOCATED;
  }

  @Override
  String describe() {
    return String.format(
        Locale.ROOT, "%08x %s%s", frame.pc(), function, line == null ? "" : " (" + line + ")");
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
    return switch (member) {
      case "function" -> function;
      case "pc" -> Word.unsigned(frame.pc());
      case "registers" -> registers;
      case "file" -> line.file();
      default -> line.line();
    };
  }

  @ExportMessage
  boolean hasSourceLocation() {
    return section != null;
  }

  @ExportMessage
  SourceSection getSourceLocation() throws UnsupportedMessageException {
    if (section == null) {
      throw UnsupportedMessageException.create();
    }
    return section;
  }
}
