package org.curios.lab.profile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.language.GuestCode;
import org.curios.arm.language.GuestCode.Frame;
import org.curios.arm.language.GuestCode.Function;
import org.curios.arm.language.GuestCode.Line;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.profile.Call.Kind;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageCode;
import org.curios.machine.image.SourceLookup;

/**
 * Stacks of a stopped machine, the outermost call first. Under CuriOS a stack continues through
 * protected calls: from the client's functions over those of the service to the kernel's. Within a
 * few instructions of an interrupt or fault, before the kernel has saved the registers, the
 * activation that has trapped is shown as it was at its last trap.
 */
final class GuestStacks {
  private static final Call IDLE = new Call(Kind.IDLE, "waiting for an interrupt", "");
  private static final Call KERNEL = new Call(Kind.OBJECT, "kernel", "");
  private static final int POINTER = 4;

  /** Bytes of a thread's record, which is aligned to them. */
  private static final int THREAD = 1024;

  private static final int VECTORS = 0x20;

  /** Bytes of on_svc up to where the registers are in the activation. */
  private static final int SAVING = 8;

  /** Bytes before call_entered in which the new activation is the supervisor's SP. */
  private static final int ENTERING = 28;

  private final GuestCode code;
  private final Guest guest;
  private final boolean curios;
  private int activationSize;

  /** The code to which threads and methods return, which no source defines as functions. */
  private final Set<Integer> stubs = new HashSet<>();

  GuestStacks(Image image) {
    code = new ImageCode(image, SourceLookup.NONE);
    guest = new Guest(new Symbols(image));
    curios = guest.isCurios();
    for (String stub : List.of("user_return", "thread_return")) {
      if (code.address(stub) != null) {
        stubs.add(code.address(stub));
      }
    }
  }

  /** Returns the source line that the machine is at, or null. */
  Line line(Machine machine) {
    return code.lineAt(machine.cpu().pc & ~1);
  }

  /** Returns the stack. */
  List<Call> at(Machine machine) {
    Cpu cpu = machine.cpu();
    List<Call> stack = new ArrayList<>();
    boolean kernel = curios && cpu.mode() != Psr.USER;
    List<Frame> now = withoutStub(code.stack(cpu));
    if (curios) {
      View view = guest.at(machine);
      int current = word(machine, view.symbol("current"));
      if (current == 0) {
        stack.add(KERNEL);
      } else {
        activations(machine, view, current, kernel, stack);
      }
    }
    now.forEach(f -> stack.add(call(f, kernel)));
    if (cpu.isWaiting()) {
      stack.add(IDLE);
    }
    return stack;
  }

  /**
   * The saved registers of the thread's activations: of all in the kernel, otherwise of all but the
   * newest.
   */
  private void activations(
      Machine machine, View view, int thread, boolean kernel, List<Call> stack) {
    if (activationSize == 0) {
      activationSize = view.size("Frame");
    }
    Cpu cpu = machine.cpu();
    Struct t = view.struct("Thread", thread);
    int newest = newest(cpu, t);
    boolean unsaved = kernel && isAheadOfSaving(cpu);
    for (int at = t.addressOf("frames"); at - newest <= 0; at += activationSize) {
      Struct activation = view.struct("Frame", at);
      int object = (int) activation.get("object");
      stack.add(object == 0 ? KERNEL : new Call(Kind.OBJECT, view.objectAt(object).name(), ""));
      if (at != newest || kernel && !isEntering(cpu)) {
        int[] registers = unsaved && at == newest ? trapped(cpu) : registers(machine, activation);
        List<Frame> frames = withoutStub(code.stack(cpu, registers));
        Frame last = frames.removeLast();
        frames.add(new Frame(last.registers(), !isBehindCall(cpu, last.pc())));
        frames.forEach(f -> stack.add(call(f, false)));
      }
    }
  }

  /** The outermost first. */
  private List<Frame> withoutStub(List<Frame> frames) {
    List<Frame> kept = new ArrayList<>(frames);
    Collections.reverse(kept);
    if (kept.size() > 1 && stubs.contains(kept.get(0).pc())) {
      kept.remove(0);
    }
    return kept;
  }

  /**
   * The newest activation: what the supervisor's SP points at, but while the kernel is on its own
   * stack; its C++ code has recorded it in the thread then.
   */
  private int newest(Cpu cpu, Struct thread) {
    int sp = cpu.banked(Psr.SUPERVISOR, 13);
    int first = thread.addressOf("frames");
    return Integer.compareUnsigned(sp - first, thread.address() + THREAD - first) < 0
        ? sp
        : (int) thread.get("frame");
  }

  /** Whether the newest activation is about to be entered, so that it has no registers yet. */
  private boolean isEntering(Cpu cpu) {
    Integer entered = code.address("call_entered");
    int distance = entered == null ? -1 : entered - (cpu.pc & ~1);
    return distance >= 0 && distance <= ENTERING;
  }

  /** Whether a trap has just been taken, and its registers are not yet saved. */
  private boolean isAheadOfSaving(Cpu cpu) {
    int pc = cpu.pc & ~1;
    Integer svc = code.address("on_svc");
    return cpu.mode() != Psr.SUPERVISOR && cpu.hasSpsr()
        || Integer.compareUnsigned(pc, VECTORS) < 0
        || svc != null && Integer.compareUnsigned(pc - svc, SAVING) < 0;
  }

  /** The registers of the activation that has just trapped. */
  private static int[] trapped(Cpu cpu) {
    int[] registers = new int[16];
    for (int i = 0; i < 15; i++) {
      registers[i] = cpu.userRegister(i);
    }
    registers[15] = cpu.r14 & ~1;
    return registers;
  }

  /** Whether the instruction before an address is an svc, within which the activation is. */
  private static boolean isBehindCall(Cpu cpu, int pc) {
    int top = cpu.memory.inspect(pc - 1, true);
    return top >= 0 && (top & 0x0f) == 0x0f;
  }

  private static int[] registers(Machine machine, Struct activation) {
    int[] registers = new int[16];
    for (int i = 0; i < 13; i++) {
      registers[i] = word(machine, activation.addressOf("r") + i * POINTER);
    }
    registers[13] = (int) activation.get("sp");
    registers[14] = (int) activation.get("lr");
    registers[15] = (int) activation.get("pc");
    return registers;
  }

  private static int word(Machine machine, int physical) {
    return machine.bus().isRam(physical) ? machine.bus().read(physical, POINTER) : 0;
  }

  private Call call(Frame frame, boolean kernel) {
    Function function = code.functionAt(frame.place());
    Line line = code.lineAt(function.address());
    return new Call(
        kernel ? Kind.KERNEL : Kind.CODE, function.name(), line == null ? "" : line.file());
  }
}
