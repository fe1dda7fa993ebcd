package org.curios.lab.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.program.Program;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;
import org.curios.machine.image.dwarf.LineTable;

/**
 * The calls that led to the place where the machine is stopped: by the image's call frame
 * information, and across protected calls by the kernel's activations.
 */
public final class Backtrace {
  private static final int DEEPEST = 64;
  private static final int SP = 13;
  private static final int LR = 14;
  private static final int PC = 15;

  /** Labels of the guest's library that debuggers take for callers. */
  private static final Set<String> ENTERERS = Set.of("protected_call", "thread_begin");

  /**
   * A call.
   *
   * @param pc the next instruction there: where it is stopped, or the return address of a call
   * @param sp its stack pointer
   * @param inside an address within the instruction that is being executed
   * @param registers R0 to R15 as far as the call frame information says
   * @param where what it runs in: {@code kernel}, or the object and its method
   */
  public record Entry(int pc, int sp, int inside, int[] registers, String where) {}

  private final Program program;
  private final Machine m;
  private final View view;
  private final List<Entry> entries = new ArrayList<>();

  private Backtrace(Program program, Machine m, View view) {
    this.program = program;
    this.m = m;
    this.view = view;
  }

  /**
   * Returns the calls at the machine's current instruction, the innermost first.
   *
   * @param view the guest, or null if it is not CuriOS
   */
  public static List<Entry> here(Program program, Machine m, View view) {
    Backtrace trace = new Backtrace(program, m, view);
    trace.run();
    return trace.entries;
  }

  /** Returns the calls of a thread that does not run, the innermost first. */
  public static List<Entry> of(Program program, Machine m, View view, Struct thread) {
    Backtrace trace = new Backtrace(program, m, view);
    trace.activations(thread, (int) thread.get("frame"));
    return trace.entries;
  }

  private void run() {
    Cpu cpu = m.cpu();
    int[] registers = new int[16];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = cpu.register(i);
    }
    if (view == null) {
      unwind(registers, "");
      return;
    }
    boolean user = cpu.mode() == Psr.USER || cpu.mode() == Psr.SYSTEM;
    Struct thread = view.currentThread();
    int activation = cpu.banked(Psr.SUPERVISOR, SP);
    if (user) {
      Struct frame = isActivation(activation) ? view.structure("Frame", activation) : null;
      unwind(registers, frame == null ? "" : where(frame));
      if (frame != null) {
        activations(view.threadOf(activation), activation - view.size("Frame"));
      }
      return;
    }
    unwind(registers, "kernel");
    if (isActivation(activation)) { // not yet on the kernel's stack
      activations(view.threadOf(activation), activation);
    } else if (thread != null) {
      activations(thread, (int) thread.get("frame"));
    }
  }

  private boolean isActivation(int address) {
    return view.threads().stream()
        .anyMatch(
            t -> address >= t.addressOf("frames") && address < t.address() + view.size("Thread"));
  }

  private String where(Struct frame) {
    String object = view.objectAt(frame.get("object")).name();
    String method = view.methodOf(frame);
    return method == null ? object : object + "." + method;
  }

  /** The activations of a thread from one down to the bottom. */
  private void activations(Struct thread, int newest) {
    for (int at = newest; at >= thread.addressOf("frames"); at -= view.size("Frame")) {
      Struct frame = view.structure("Frame", at);
      int[] registers = new int[16];
      for (int i = 0; i < SP; i++) {
        registers[i] = (int) frame.get("r", i);
      }
      registers[SP] = (int) frame.get("sp");
      registers[LR] = (int) frame.get("lr");
      registers[PC] = (int) frame.get("pc");
      unwind(registers, where(frame));
    }
  }

  /** The calls on one stack. */
  private void unwind(int[] start, String where) {
    int[] registers = start;
    registers[PC] &= ~1;
    entries.add(new Entry(registers[PC], registers[SP], registers[PC], registers.clone(), where));
    int[] caller = caller(registers);
    if (!isCode(registers[PC]) && isCode(registers[LR] - 2 & ~1)) { // assembly
      caller = registers.clone();
      caller[PC] = registers[LR] & ~1;
    }
    while (caller != null && entries.size() < DEEPEST && isCode(caller[PC] - 2)) {
      int inside = caller[PC] - 2;
      entries.add(new Entry(caller[PC], caller[SP], inside, caller.clone(), where));
      registers = caller;
      int[] withinCall = caller.clone();
      withinCall[PC] = inside;
      caller = caller(withinCall);
    }
  }

  /**
   * Whether an address lies in a function with call frames, other than those that represent the
   * kernel, which has entered the first function on a stack.
   */
  private boolean isCode(int address) {
    Image.Symbol symbol = program.symbols().at(address);
    return program.frames().covers(address)
        && (symbol == null || !ENTERERS.contains(symbol.name()));
  }

  private int[] caller(int[] registers) {
    return program.frames().caller(registers, address -> (int) VirtualMemory.read(m, address, 4));
  }

  /** Returns the source line of a call, or null. */
  public static LineTable.Line line(Program program, Entry entry) {
    return program.lines().at(entry.inside);
  }
}
