package org.curios.arm.language.instrument;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.nodes.EncapsulatingNodeReference;
import com.oracle.truffle.api.nodes.Node;
import com.oracle.truffle.api.source.SourceSection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.ArmLanguage;
import org.curios.arm.language.GuestCode;
import org.curios.arm.language.GuestCode.Frame;
import org.curios.arm.language.GuestCode.Line;
import org.curios.arm.language.interop.GuestSources;
import org.curios.arm.language.interop.RegistersObject;
import org.curios.arm.run.Executor;

/**
 * Runs the guest as calls of Truffle. Calls and returns of the guest are followed as such; an
 * exception is a call of its handler. After any other change of the stack, such as a switch to
 * another thread, all activations are left and rebuilt from the call frame information. So
 * execution never depends on the activations, which are only for tools.
 */
public final class GuestRunner implements Runnable {
  /** Maximum number of activations: of a deeper recursion only the innermost part is shown. */
  private static final int MAX_DEPTH = 400;

  /** Activations shown of a deeper recursion, and of a rebuilt stack. */
  private static final int REBUILT = 100;

  private static final int VECTORS_SIZE = 0x20;
  private static final int HIGH_VECTORS = 0xffff0000;

  final ArmLanguage language;
  final Cpu cpu;
  final Executor executor;
  final GuestCode code;
  private final GuestSources sources;
  private Functions functions;

  /** The innermost activation. */
  Activation current;

  /** Whether the PC may be inside a block, so that no step starts there. */
  boolean partial;

  /** Whether the last block may have changed more than the PC: mode, stack. */
  boolean jumped;

  /** Whether the function that returned is to be replaced by the one at the PC. */
  boolean tail;

  private Activation target;
  private List<Frame> resuming = List.of();
  private int resumed;
  private int toResume;
  private StepNode previous;

  /**
   * Makes a runner.
   *
   * @param language the language of the entered context
   */
  public GuestRunner(ArmLanguage language, Cpu cpu, Executor executor, GuestCode code) {
    this.language = language;
    this.cpu = cpu;
    this.executor = executor;
    this.code = code;
    this.sources = new GuestSources(code, ArmLanguage.context().env());
    executor.splitAt(code::lineStartsAt);
  }

  static Activation activation(Object[] arguments) {
    return CompilerDirectives.castExact(arguments[0], Activation.class);
  }

  /** Runs from the state of the processor until the executor must continue. */
  @Override
  public void run() {
    if (functions == null) {
      functions = new Functions(this, sources);
    }
    List<Frame> frames = new ArrayList<>(code.stack(cpu));
    if (frames.size() > REBUILT) {
      frames.subList(REBUILT, frames.size()).clear();
    }
    Collections.reverse(frames);
    resuming = frames;
    resumed = 1;
    toResume = frames.size();
    partial = true;
    previous = null;
    target = null;
    try {
      current = new Activation(null, Activation.NOWHERE, 0, 0);
      functions.at(frames.get(0).place()).getCallTarget().call(current);
    } catch (Unwind unwind) {
      if (target != null) {
        throw new IllegalStateException("an activation that is not there", unwind);
      }
    } finally {
      current = null;
    }
  }

  // ---- what nodes ask

  FunctionRoot rootAtPc() {
    return functions.at(cpu.pc & ~1);
  }

  SourceSection section(int pc) {
    Line line = code.lineAt(pc);
    return line == null ? null : sources.section(line);
  }

  /** Makes the activation of a function that is called. */
  void enter(Activation caller, int returnAddress) {
    if (caller.depth >= MAX_DEPTH) {
      partial = true;
      throw unwindAll();
    }
    current = new Activation(caller, returnAddress, cpu.r13, cpu.mode());
  }

  boolean hasReturned(Activation a) {
    return cpu.r13 == a.sp && cpu.mode() == a.mode;
  }

  /** Leaves all activations. */
  Unwind unwindAll() {
    target = null;
    return Unwind.INSTANCE;
  }

  /** Returns whether execution continues here after the unwinding. */
  boolean arrives(Activation a) {
    if (target != a) {
      return false;
    }
    target = null;
    partial = true;
    return true;
  }

  boolean isResuming() {
    return resumed < toResume;
  }

  void leaving(StepNode step) {
    previous = step;
  }

  void noteSuccessor(int number) {
    if (previous != null) {
      previous.note(number);
      previous = null;
    }
  }

  /**
   * Continues where no step begins.
   *
   * @return false if the function is left: it has returned, or {@link #tail} says that another one
   *     replaces it
   */
  @TruffleBoundary
  boolean elsewhere(FunctionBody body, Activation a) {
    previous = null;
    if (isResuming()) {
      resume(body, a);
      return true;
    }
    while (true) {
      int pc = cpu.pc & ~1;
      if (pc == a.returnAddress && hasReturned(a)) {
        partial = false;
        return false;
      }
      if (body.function().contains(pc)) {
        if (!partial) {
          body.add(pc);
          return true;
        }
        if (body.hasStep(pc)) {
          partial = false;
          return true;
        }
        if (!singleStep(body, a, pc)) {
          return true;
        }
      } else if (isVector(pc)) {
        handler(body, a);
        return true;
      } else {
        leave(a);
        tail = true;
        return false;
      }
    }
  }

  /** Starts a block that is longer than the instructions left before the next event. */
  @TruffleBoundary
  void beginSingly() {
    partial = !executor.single();
  }

  /** Executes one instruction; returns false if due events must be handled first. */
  private boolean singleStep(FunctionBody body, Activation a, int pc) {
    if (!executor.mayGoOn() || executor.stopsHere()) {
      throw unwindAll();
    }
    if ((cpu.pc & ~1) != pc) {
      return false; // an interrupt has been taken
    }
    int next = cpu.pc + ((cpu.pc & 1) != 0 ? 2 : 4);
    int mode = cpu.mode();
    if (executor.single()) {
      partial = false;
      jumped = cpu.mode() != mode;
      if (!jumped && cpu.r14 == next && cpu.pc != next) {
        enter(a, next & ~1);
        nested(body, a, pc);
      }
    }
    return executor.mayGoOn();
  }

  private boolean isVector(int pc) {
    int base = cpu.cp15.highVectors() ? HIGH_VECTORS : 0;
    return Integer.compareUnsigned(pc - base, VECTORS_SIZE) < 0 && cpu.hasSpsr();
  }

  /** Calls the handler of the exception that has just been taken. */
  private void handler(FunctionBody body, Activation a) {
    int interrupted = cpu.spsr() & 0x1f;
    int back = (cpu.r14 & ~1) - returnOffset(cpu.pc & VECTORS_SIZE - 4);
    if (a.depth >= MAX_DEPTH) {
      throw unwindAll();
    }
    current = new Activation(a, back, cpu.banked(interrupted, 13), interrupted);
    nested(body, a, back);
    partial = true;
  }

  /** Offset from R14 of a handler to its usual return address (ARM DDI 0100, A2.6). */
  private static int returnOffset(int vector) {
    return switch (vector) {
      case 0x04, 0x08 -> 0;
      case 0x10 -> 8;
      default -> 4;
    };
  }

  /** Calls the function at the PC from a place in a function. */
  private void nested(FunctionBody body, Activation a, int place) {
    EncapsulatingNodeReference nodes = EncapsulatingNodeReference.getCurrent();
    Node before = nodes.set(body.nodeAt(place));
    try {
      Activation callee = current;
      do {
        tail = false;
        rootAtPc().getCallTarget().call(callee);
        nodes.set(body.nodeAt(place));
      } while (tail);
    } catch (Unwind unwind) {
      if (!arrives(a)) {
        throw unwind;
      }
    } finally {
      nodes.set(before);
    }
    current = a;
  }

  /** Enters the next activation of a stack that is rebuilt. */
  private void resume(FunctionBody body, Activation a) {
    Frame outer = resuming.get(resumed - 1);
    Frame inner = resuming.get(resumed);
    resumed++;
    current = new Activation(a, outer.pc(), outer.registers()[13], cpu.mode());
    FunctionRoot root = functions.at(inner.place());
    EncapsulatingNodeReference nodes = EncapsulatingNodeReference.getCurrent();
    Node before = nodes.set(body.nodeAt(outer.place()));
    try {
      Activation callee = current;
      root.getCallTarget().call(callee);
      while (tail) {
        tail = false;
        nodes.set(body.nodeAt(outer.place()));
        rootAtPc().getCallTarget().call(callee);
      }
    } catch (Unwind unwind) {
      if (!arrives(a)) {
        throw unwind;
      }
    } finally {
      nodes.set(before);
    }
    current = a;
    partial = true;
  }

  /**
   * Finds the activation that continues at a PC outside the function: an outer one, or after a mere
   * jump the function there, which replaces this one.
   */
  private void leave(Activation a) {
    int pc = cpu.pc & ~1;
    for (Activation out = a.parent; out != null && out.parent != null; out = out.parent) {
      if (pc == out.returnAddress && hasReturned(out)) {
        target = out.parent;
        throw Unwind.INSTANCE;
      }
    }
    if (jumped || a.parent == null) {
      partial = true;
      throw unwindAll();
    }
  }

  // ---- what tools ask

  /** Returns the registers in an activation, which the call frame information gives. */
  RegistersObject scope(Activation a, FunctionRoot root) {
    return RegistersObject.scope(
        cpu, a == null || a == current ? null : frame(a), root.getName(), root.getSourceSection());
  }

  private Frame frame(Activation a) {
    Activation callee = current;
    while (callee != null && callee.parent != a) {
      callee = callee.parent;
    }
    int[] known = new int[16];
    if (callee != null) {
      for (Frame f : code.stack(cpu)) {
        if (f.pc() == callee.returnAddress && f.registers()[13] == callee.sp) {
          return f;
        }
      }
      known[13] = callee.sp;
      known[15] = callee.returnAddress;
    }
    return new Frame(known, false);
  }
}
