package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnknownIdentifierException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import com.oracle.truffle.api.source.SourceSection;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.curios.arm.core.Cp15;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.language.GuestCode.Frame;
import org.curios.arm.language.GuestCode.Line;
import org.curios.arm.language.GuestMachine;

/**
 * The guest is dead: exceptions form an endless loop that nothing ends. Its members say where and
 * why.
 */
@ExportLibrary(InteropLibrary.class)
final class GuestFault extends GuestError {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, Object> context;

  private GuestFault(String message, SourceSection section, Map<String, Object> context) {
    super(message, section);
    this.context = context;
  }

  static GuestFault of(GuestMachine machine) {
    Cpu cpu = machine.cpu();
    Cp15 cp15 = cpu.cp15;
    Frame at = machine.code().stack(cpu).get(0);
    String function = machine.code().functionAt(at.place()).name();
    Line line = machine.code().lineAt(at.place());
    Map<String, Object> context = new TreeMap<>();
    context.put("pc", Word.unsigned(at.pc()));
    context.put("function", function);
    context.put("ticks", cpu.now());
    context.put("faultStatus", cp15.dataFaultStatus());
    context.put("faultAddress", Word.unsigned(cp15.faultAddress()));
    context.put("mode", Psr.name(cpu.mode()));
    context.put("stack", FrameObject.stack(machine));
    SourceSection section = null;
    if (line != null) {
      context.put("file", line.file());
      context.put("line", line.line());
      section = new GuestSources(machine.code(), null).section(line);
    }
    return new GuestFault(
        String.format(
            Locale.ROOT,
            "the guest is dead: exceptions go round in a loop with no way out, at %08x <%s> after"
                + " %d ticks",
            at.pc(),
            function,
            cpu.now()),
        section,
        context);
  }

  @ExportMessage
  boolean hasMembers() {
    return true;
  }

  @ExportMessage
  @TruffleBoundary
  Object getMembers(@SuppressWarnings("unused") boolean includeInternal) {
    return new ListObject(new ArrayList<>(context.keySet()));
  }

  @ExportMessage
  @TruffleBoundary
  boolean isMemberReadable(String member) {
    return context.containsKey(member);
  }

  @ExportMessage
  @TruffleBoundary
  Object readMember(String member) throws UnknownIdentifierException {
    Object value = context.get(member);
    if (value == null) {
      throw UnknownIdentifierException.create(member);
    }
    return value;
  }
}
