package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.ArityException;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnknownIdentifierException;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.interop.UnsupportedTypeException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Memory.Watch;
import org.curios.arm.language.GuestMachine;

/**
 * A machine with an image loaded. Its methods run it, on the calling thread, and return why it has
 * stopped: {@code tick}, {@code breakpoint}, {@code watchpoint}, {@code stopped}, {@code idle}. The
 * end of the guest is an exception with its exit status; a dead guest is an exception that says
 * where. While it runs, another thread may call {@code stop} and read {@code running}; nothing
 * else.
 */
@ExportLibrary(InteropLibrary.class)
public final class MachineObject extends GuestObject {
  private static final List<String> PROPERTIES =
      List.of("name", "ticks", "running", "registers", "memory", "ram", "stack", "output");
  private static final List<String> MEMBERS = new ArrayList<>(PROPERTIES);

  static {
    for (MachineMethod m : MachineMethod.values()) {
      MEMBERS.add(m.id());
    }
  }

  private final GuestMachine machine;
  private final GuestRun run;
  private final AddressArguments addresses;
  private final List<Watch> watches = new ArrayList<>();

  /** Wraps a machine that has not run yet. */
  public MachineObject(GuestMachine machine) {
    super(Kind.MACHINE);
    this.machine = machine;
    this.run = new GuestRun(machine);
    this.addresses = new AddressArguments(machine);
  }

  @Override
  List<String> members() {
    return MEMBERS;
  }

  @Override
  String describe() {
    return run.isRunning()
        ? machine.code().name() + ", running"
        : machine.code().name() + " at tick " + machine.cpu().now();
  }

  @ExportMessage
  boolean isMemberReadable(String member) {
    return has(member);
  }

  @ExportMessage
  @TruffleBoundary
  boolean isMemberInvocable(String member) {
    return MachineMethod.named(member) != null;
  }

  @ExportMessage
  @TruffleBoundary
  Object readMember(String member) throws UnknownIdentifierException {
    MachineMethod method = MachineMethod.named(member);
    if (method != null) {
      return new MethodObject(this, method);
    }
    if (!has(member)) {
      throw UnknownIdentifierException.create(member);
    }
    if (member.equals("running")) {
      return run.isRunning();
    }
    run.checkStopped();
    return switch (member) {
      case "name" -> machine.code().name();
      case "ticks" -> machine.cpu().now();
      case "registers" -> new RegistersObject(machine.cpu(), run::checkStopped);
      case "memory" -> new MemoryObject(machine.cpu(), true, run::checkStopped);
      case "ram" -> new MemoryObject(machine.cpu(), false, run::checkStopped);
      case "stack" -> FrameObject.stack(machine);
      default -> machine.output();
    };
  }

  @ExportMessage
  @TruffleBoundary
  Object invokeMember(String member, Object[] arguments)
      throws UnknownIdentifierException, ArityException, UnsupportedTypeException {
    MachineMethod method = MachineMethod.named(member);
    if (method == null) {
      throw UnknownIdentifierException.create(member);
    }
    return call(method, arguments);
  }

  /** Calls a method. */
  Object call(MachineMethod method, Object[] arguments)
      throws ArityException, UnsupportedTypeException {
    if (arguments.length < method.least() || arguments.length > method.most()) {
      throw ArityException.create(method.least(), method.most(), arguments.length);
    }
    if (method == MachineMethod.STOP) {
      run.stop();
      return this;
    }
    run.checkStopped();
    return switch (method) {
      case RUN -> run.run(arguments.length == 0 ? VirtualClock.NEVER : tick(arguments, 0));
      case STEP -> run.step(arguments.length == 0 ? 1 : tick(arguments, 0));
      case UNTIL ->
          run.until(
              addresses.address(arguments, 0),
              arguments.length == 1 ? VirtualClock.NEVER : tick(arguments, 1));
      case SNAPSHOT -> new SnapshotObject(machine, machine.snapshot());
      case RESTORE -> restore(arguments);
      case SET_BREAKPOINT -> breakpoint(arguments, true);
      case CLEAR_BREAKPOINT -> breakpoint(arguments, false);
      case WATCH -> watch(arguments);
      case UNWATCH -> unwatch(arguments);
      case TYPE -> type(arguments);
      case ADDRESS -> Word.unsigned(addresses.address(arguments, 0));
      case DESCRIBE -> addresses.describe(addresses.address(arguments, 0));
      case STOP -> throw new IllegalStateException();
    };
  }

  private static long tick(Object[] arguments, int index) throws UnsupportedTypeException {
    InteropLibrary values = InteropLibrary.getUncached();
    try {
      if (values.fitsInLong(arguments[index]) && values.asLong(arguments[index]) >= 0) {
        return values.asLong(arguments[index]);
      }
    } catch (UnsupportedMessageException e) {
      // said below
    }
    throw UnsupportedTypeException.create(arguments, "give a whole number, 0 or more");
  }

  private static String text(Object[] arguments, int index) throws UnsupportedTypeException {
    try {
      return InteropLibrary.getUncached().asString(arguments[index]);
    } catch (UnsupportedMessageException e) {
      throw UnsupportedTypeException.create(arguments, "give a text");
    }
  }

  private Object restore(Object[] arguments) throws UnsupportedTypeException {
    if (!(arguments[0] instanceof SnapshotObject wanted)) {
      throw UnsupportedTypeException.create(arguments, "give what snapshot() has returned");
    }
    if (wanted.machine != machine) {
      throw new UsageError("the snapshot is of another machine; give one of this machine");
    }
    machine.restore(wanted.snapshot);
    run.forgetEnd();
    return this;
  }

  private Object breakpoint(Object[] arguments, boolean set) throws UnsupportedTypeException {
    machine.cpu().code.setBreakpoint(addresses.address(arguments, 0) & ~1, set);
    return this;
  }

  private Object watch(Object[] arguments) throws UnsupportedTypeException {
    long bytes = tick(arguments, 1);
    if (bytes < 1 || bytes > 1 << 20) {
      throw new UsageError("watch " + bytes + " bytes: give 1 to 1048576");
    }
    String kind = arguments.length == 3 ? text(arguments, 2) : "rw";
    if (!kind.equals("r") && !kind.equals("w") && !kind.equals("rw")) {
      throw new UsageError("watch \"" + kind + "\": give \"r\", \"w\" or \"rw\"");
    }
    int address = addresses.address(arguments, 0);
    unwatch(arguments);
    Watch watch = new Watch(address, (int) bytes, kind.contains("r"), kind.contains("w"));
    machine.cpu().memory.watch(watch);
    watches.add(watch);
    return this;
  }

  private Object unwatch(Object[] arguments) throws UnsupportedTypeException {
    int address = addresses.address(arguments, 0);
    for (Watch w : List.copyOf(watches)) {
      if (w.address() == address) {
        machine.cpu().memory.unwatch(w);
        watches.remove(w);
      }
    }
    return this;
  }

  private Object type(Object[] arguments) throws UnsupportedTypeException {
    machine.type(text(arguments, 0).getBytes(StandardCharsets.UTF_8));
    return this;
  }
}
