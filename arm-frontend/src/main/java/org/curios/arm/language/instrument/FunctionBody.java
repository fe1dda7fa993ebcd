package org.curios.arm.language.instrument;

import com.oracle.truffle.api.Assumption;
import com.oracle.truffle.api.CompilerAsserts;
import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.TruffleSafepoint;
import com.oracle.truffle.api.frame.Frame;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.StandardTags.RootTag;
import com.oracle.truffle.api.nodes.BytecodeOSRNode;
import com.oracle.truffle.api.nodes.ExplodeLoop;
import com.oracle.truffle.api.nodes.ExplodeLoop.LoopExplosionKind;
import com.oracle.truffle.api.source.SourceSection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.GuestCode.Function;
import org.curios.arm.run.Executor;

/**
 * Executes a function step by step. Steps at the starts of source lines exist from the beginning,
 * so that breakpoints find them; others are added when the code first runs.
 */
final class FunctionBody extends GuestNode implements BytecodeOSRNode {
  private static final int OUTSIDE = -1;

  private final GuestRunner runner;
  private final Cpu cpu;
  private final Executor executor;
  private final Function function;

  /** The steps, possibly wrapped by tools. */
  @Children private GuestNode[] nodes = {};

  /** The same without wrappers. */
  @CompilationFinal(dimensions = 1)
  private StepNode[] steps = {};

  private final Map<Integer, Integer> numbers = new HashMap<>();

  /** Valid while there are no further steps. */
  @CompilationFinal private Assumption complete = Assumption.create("steps");

  @CompilationFinal private Object osr;

  FunctionBody(GuestRunner runner, Function function, SourceSection section) {
    super(runner, section, RootTag.class);
    this.runner = runner;
    this.cpu = runner.cpu;
    this.executor = runner.executor;
    this.function = function;
    for (int address : runner.code.lineStarts(function)) {
      add(address);
    }
  }

  Function function() {
    return function;
  }

  /** Returns whether a step starts at an address. */
  boolean hasStep(int pc) {
    return numbers.containsKey(pc);
  }

  /** Adds a step that begins at an address. */
  void add(int pc) {
    int count = steps.length;
    StepNode step = new StepNode(runner, pc);
    StepNode[] moreSteps = Arrays.copyOf(steps, count + 1);
    GuestNode[] moreNodes = Arrays.copyOf(nodes, count + 1);
    moreSteps[count] = step;
    moreNodes[count] = getParent() == null ? step : insert(step);
    numbers.put(pc, count);
    steps = moreSteps;
    nodes = moreNodes;
    complete.invalidate("a further step");
    complete = Assumption.create("steps");
  }

  /** Returns the step that contains an address, or this. */
  GuestNode nodeAt(int place) {
    StepNode best = null;
    for (StepNode step : steps) {
      int distance = place - step.pc;
      if (distance >= 0 && (best == null || distance < place - best.pc)) {
        best = step;
      }
    }
    return best == null ? this : best;
  }

  @Override
  Object execute(VirtualFrame frame) {
    return run(frame, OUTSIDE);
  }

  @Override
  public Object executeOSR(VirtualFrame frame, long target, Object state) {
    return run(frame, (int) target);
  }

  /** The first argument is the activation, in the frame of replaced code too. */
  @Override
  public Object[] storeParentFrameInArguments(VirtualFrame parentFrame) {
    return new Object[] {parentFrame.getArguments()[0], parentFrame};
  }

  @Override
  public Frame restoreParentFrameFromArguments(Object[] arguments) {
    return (Frame) arguments[1];
  }

  @Override
  public Object getOSRMetadata() {
    return osr;
  }

  @Override
  public void setOSRMetadata(Object metadata) {
    osr = metadata;
  }

  @ExplodeLoop(kind = LoopExplosionKind.MERGE_EXPLODE)
  private Object run(VirtualFrame frame, int start) {
    Activation activation = GuestRunner.activation(frame.getArguments());
    complete.isValid(); // compiled code is given up when it does not hold any more
    int at = start;
    loop:
    while (true) {
      CompilerAsserts.partialEvaluationConstant(at);
      if (!executor.mayGoOn()) {
        throw runner.unwindAll();
      }
      if (at == OUTSIDE) {
        if (!runner.partial && !runner.isResuming()) {
          int pc = cpu.pc & ~1;
          for (int i = 0; i < steps.length; i++) {
            if (pc == steps[i].pc) {
              if (CompilerDirectives.inInterpreter()) {
                runner.noteSuccessor(i);
              }
              at = i;
              continue loop;
            }
          }
        }
        if (!runner.elsewhere(this, activation)) {
          return Integer.toUnsignedLong(cpu.r0);
        }
        continue;
      }
      if ((cpu.pc & ~1) != steps[at].pc) { // an interrupt has been taken
        at = OUTSIDE;
        continue;
      }
      nodes[at].execute(frame);
      if (runner.partial) {
        at = OUTSIDE;
        continue;
      }
      int pc = cpu.pc & ~1;
      if (pc == activation.returnAddress && runner.hasReturned(activation)) {
        return Integer.toUnsignedLong(cpu.r0);
      }
      int[] next = steps[at].next;
      for (int i = 0; i < next.length; i++) {
        int to = next[i];
        if (pc == steps[to].pc) {
          if (to <= at) {
            TruffleSafepoint.poll(this);
            if (CompilerDirectives.inInterpreter() && BytecodeOSRNode.pollOSRBackEdge(this, 1)) {
              Object result = BytecodeOSRNode.tryOSR(this, (long) to, null, null, frame);
              if (result != null) {
                return result;
              }
            }
          }
          at = to;
          continue loop;
        }
      }
      if (CompilerDirectives.inInterpreter()) {
        runner.leaving(steps[at]);
      }
      at = OUTSIDE;
    }
  }
}
