package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnknownIdentifierException;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.interop.UnsupportedTypeException;
import com.oracle.truffle.api.library.CachedLibrary;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import com.oracle.truffle.api.source.SourceSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.language.GuestCode.Frame;

/**
 * Registers by name: of the processor, which can be written, or of a function further up the stack.
 * Numbers are unsigned; flags are truth values.
 */
@ExportLibrary(InteropLibrary.class)
public final class RegistersObject extends GuestObject {
  private static final int PC = 15;
  private static final List<String> CORE =
      List.of(
          "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp",
          "lr", "pc");
  private static final List<String> FLAGS = List.of("n", "z", "c", "v", "q");
  private static final int[] FLAG_BITS = {Psr.N, Psr.Z, Psr.C, Psr.V, 1 << 27};
  private static final List<String> LIVE = new ArrayList<>(CORE);

  static {
    LIVE.add("cpsr");
    LIVE.add("spsr");
    LIVE.addAll(FLAGS);
    LIVE.add("mode");
  }

  private final Cpu cpu;

  /** The registers of an outer activation; null for the processor itself. */
  private final Frame outer;

  private final String scope;
  private final SourceSection section;
  private final Access access;

  /** Checks whether the registers may be accessed now. */
  interface Access {
    /**
     * Returns if they may.
     *
     * @throws UsageError when the machine runs
     */
    void check();
  }

  RegistersObject(Cpu cpu, Access access) {
    this(cpu, null, null, null, access);
  }

  private RegistersObject(
      Cpu cpu, Frame outer, String scope, SourceSection section, Access access) {
    super(Kind.REGISTERS);
    this.cpu = cpu;
    this.outer = outer;
    this.scope = scope;
    this.section = section;
    this.access = access;
  }

  /**
   * Returns the registers as a debugger's scope.
   *
   * @param frame the activation; null for the one that runs
   * @param function its name
   * @param section the source of the function, which tells debuggers whose scope it is; or null
   */
  public static RegistersObject scope(
      Cpu cpu, Frame frame, String function, SourceSection section) {
    return new RegistersObject(cpu, frame, function, section, () -> {});
  }

  @Override
  @TruffleBoundary
  List<String> members() {
    if (outer != null) {
      return CORE;
    }
    if (cpu.hasSpsr()) {
      return LIVE;
    }
    return LIVE.stream().filter(m -> !m.equals("spsr")).toList();
  }

  @Override
  String describe() {
    if (scope != null) {
      return scope;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= PC; i++) {
      text.append(String.format(Locale.ROOT, "%s=%08x ", CORE.get(i), register(i)));
    }
    return text.append(String.format(Locale.ROOT, "cpsr=%08x", cpu.cpsr())).toString();
  }

  private int register(int number) {
    return outer != null ? outer.registers()[number] : cpu.register(number);
  }

  @ExportMessage
  boolean isScope() {
    return scope != null;
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
    access.check();
    int number = CORE.indexOf(member);
    if (number >= 0) {
      return Word.unsigned(register(number));
    }
    int flag = FLAGS.indexOf(member);
    if (flag >= 0) {
      return (cpu.flags() & FLAG_BITS[flag]) != 0;
    }
    return switch (member) {
      case "cpsr" -> Word.unsigned(cpu.cpsr());
      case "spsr" -> Word.unsigned(cpu.spsr());
      default -> Psr.name(cpu.mode());
    };
  }

  @ExportMessage
  @TruffleBoundary
  boolean isMemberModifiable(String member) {
    return outer == null && has(member) && !member.equals("mode");
  }

  @ExportMessage
  boolean isMemberInsertable(@SuppressWarnings("unused") String member) {
    return false;
  }

  @ExportMessage
  @TruffleBoundary
  void writeMember(String member, Object value, @CachedLibrary(limit = "3") InteropLibrary values)
      throws UnknownIdentifierException, UnsupportedMessageException, UnsupportedTypeException {
    if (!has(member)) {
      throw UnknownIdentifierException.create(member);
    }
    if (!isMemberModifiable(member)) {
      throw UnsupportedMessageException.create();
    }
    access.check();
    int flag = FLAGS.indexOf(member);
    try {
      if (flag >= 0) {
        int others = cpu.flags() & ~FLAG_BITS[flag];
        cpu.setFlags(others | (values.asBoolean(value) ? FLAG_BITS[flag] : 0));
        return;
      }
      write(member, Word.of(value, values));
    } catch (UnsupportedMessageException e) {
      throw UnsupportedTypeException.create(
          new Object[] {value},
          member + (flag >= 0 ? ": give true or false" : ": give a number from -2^31 to 2^32 - 1"));
    }
  }

  private void write(String member, int value) {
    int number = CORE.indexOf(member);
    if (number >= 0) {
      cpu.setRegister(number, value);
    } else if (member.equals("spsr")) {
      cpu.setSpsr(value);
    } else {
      cpu.setStatus(value);
    }
  }
}
