package org.curios.arm.language.instrument;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.StandardTags.StatementTag;
import java.util.Arrays;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.SideExit;
import org.curios.arm.nodes.Block;
import org.curios.arm.nodes.Operands;

/**
 * A block of guest code, and the call that it may end with. A statement, where the code of a line
 * begins. It survives changes of its code: the code in memory is looked up each time.
 */
final class StepNode extends GuestNode {
  /** Code at one address that changes more often than this is no longer compiled. */
  private static final int MAX_CHANGES = 4;

  /** Address of the first instruction, without the T bit. */
  final int pc;

  /** Numbers of the steps that followed. */
  @CompilationFinal(dimensions = 1)
  int[] next = {};

  private final GuestRunner runner;
  private final Cpu cpu;
  @CompilationFinal private CodeEntry entry;
  @CompilationFinal private int changes;
  @Child private GuestNode call;

  StepNode(GuestRunner runner, int pc) {
    super(runner, runner.section(pc), runner.code.lineStartsAt(pc) ? StatementTag.class : null);
    this.runner = runner;
    this.cpu = runner.cpu;
    this.pc = pc;
  }

  /** Records a step that followed. */
  void note(int number) {
    for (int known : next) {
      if (known == number) {
        return;
      }
    }
    int[] more = Arrays.copyOf(next, next.length + 1);
    more[next.length] = number;
    next = more;
  }

  @Override
  Object execute(VirtualFrame frame) {
    if ((cpu.pc & ~1) != pc) {
      return null; // a debugger has set another PC
    }
    CodeEntry now = runner.executor.code();
    if (now == null) {
      return null; // the fetch has aborted
    }
    if (runner.executor.stopsBefore(now)) {
      throw runner.unwindAll();
    }
    if (now.block.count > cpu.budget) {
      runner.beginSingly();
      return null;
    }
    if (now != entry) {
      if (changes > MAX_CHANGES) {
        interpret(now.block);
        return after(frame, now.block);
      }
      CompilerDirectives.transferToInterpreterAndInvalidate();
      changes++;
      entry = now;
    }
    Block block = entry.block;
    try {
      block.interpret(cpu, new Operands());
    } catch (SideExit sideExit) {
      runner.partial = true;
      return null;
    }
    return after(frame, block);
  }

  @TruffleBoundary
  private void interpret(Block block) {
    try {
      block.interpret(cpu, new Operands());
    } catch (SideExit sideExit) {
      runner.partial = true;
    }
  }

  private Object after(VirtualFrame frame, Block block) {
    runner.jumped = block.exit == Block.Exit.SYSTEM && cpu.pc != block.next;
    boolean mayCall =
        block.exit == Block.Exit.BRANCH && block.links || block.exit == Block.Exit.INDIRECT;
    if (mayCall && !runner.partial && cpu.r14 == block.next && cpu.pc != block.next) {
      runner.enter(GuestRunner.activation(frame.getArguments()), block.next & ~1);
      if (call == null) {
        CompilerDirectives.transferToInterpreterAndInvalidate();
        call = insert(new CallNode(runner, getSourceSection()));
        notifyInserted(call);
      }
      call.execute(frame);
    }
    return null;
  }
}
