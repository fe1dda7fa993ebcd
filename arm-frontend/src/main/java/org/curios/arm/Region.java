package org.curios.arm;

import com.oracle.truffle.api.CompilerAsserts;
import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.RootCallTarget;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.nodes.ExplodeLoop;
import com.oracle.truffle.api.nodes.ExplodeLoop.LoopExplosionKind;
import com.oracle.truffle.api.nodes.LoopNode;
import com.oracle.truffle.api.nodes.RootNode;
import org.curios.arm.nodes.Block;
import org.curios.arm.nodes.InstructionNode;
import org.curios.arm.nodes.Operands;

/**
 * Hot blocks that are compiled together, the unit of partial evaluation. Entered at any of its ways
 * in (loop heads, targets of calls, places behind calls), left with the PC set. The interpreter
 * never runs its blocks here: until the compiled code is there, {@link Executor} runs them one by
 * one.
 *
 * <p>Events are polled where the order of the blocks is broken, so that at most {@link #slack}
 * instructions run between two polls: with less than that in the budget the region is left, and the
 * executor stops at the exact tick.
 */
final class Region extends RootNode {
  /** A value of {@link Cpu#startBlock} that only asks whether there is compiled code. */
  static final int PROBE = -1;

  private static final int OUTSIDE = -1;

  /**
   * What a probe counts for, so that the engine of an embedder, whose thresholds are others than
   * ours, compiles at once and in its last tier: a region is built of hot code only.
   */
  private static final int HOT = 10_000;

  private final Cpu cpu;

  @CompilationFinal(dimensions = 1)
  private final Block[] blocks;

  /** Numbers of the blocks that are ways in. */
  @CompilationFinal(dimensions = 1)
  private final int[] entrances;

  /** For each block the number of the block at its known target, or {@link #OUTSIDE}. */
  @CompilationFinal(dimensions = 1)
  private final int[] taken;

  /** For each block the number of the block behind it, or {@link #OUTSIDE}. */
  @CompilationFinal(dimensions = 1)
  private final int[] next;

  /** For each block the numbers of the blocks that its indirect exit may lead to. */
  @CompilationFinal(dimensions = 2)
  private final int[][] indirect;

  /** The entries whose blocks these are, in the same order. */
  private final CodeEntry[] entries;

  /** Most instructions between two polls. */
  final int slack;

  /** Whether compiled code has been seen. */
  boolean compiled;

  private boolean probed;
  private final RootCallTarget target;

  Region(
      ArmLanguage language,
      Cpu cpu,
      CodeEntry[] entries,
      int[] entrances,
      int[] taken,
      int[] next,
      int[][] indirect,
      int slack) {
    super(language);
    this.cpu = cpu;
    this.entries = entries;
    this.blocks = new Block[entries.length];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = entries[i].block;
    }
    this.entrances = entrances;
    this.taken = taken;
    this.next = next;
    this.indirect = indirect;
    this.slack = slack;
    this.target = getCallTarget();
  }

  /** Runs from a way in until the region is left. */
  void enter(int start) {
    cpu.startBlock = start;
    target.call();
  }

  /**
   * Returns whether there is compiled code; asking often enough is what asks for the compilation.
   */
  boolean probe() {
    cpu.startBlock = PROBE;
    target.call();
    compiled = probed;
    return compiled;
  }

  @Override
  public Object execute(VirtualFrame frame) {
    int start = cpu.startBlock;
    if (start == PROBE) {
      probed = CompilerDirectives.inCompiledCode();
      if (!probed) {
        LoopNode.reportLoopCount(this, HOT);
      }
    } else {
      try {
        run(start);
      } catch (Trap trap) {
        return trap;
      }
    }
    return Trap.INSTANCE;
  }

  @ExplodeLoop(kind = LoopExplosionKind.MERGE_EXPLODE)
  private void run(int start) {
    Operands operands = new Operands();
    int at = OUTSIDE;
    loop:
    while (true) {
      CompilerAsserts.partialEvaluationConstant(at);
      if (at == OUTSIDE) {
        for (int i = 0; i < entrances.length; i++) {
          if (start == entrances[i]) {
            at = entrances[i];
            continue loop;
          }
        }
        return;
      }
      Block block = blocks[at];
      operands.clear();
      cpu.budget -= block.count;
      runBody(block, operands);
      int to;
      int address;
      if (block.exit == Block.Exit.FALL) {
        to = next[at];
        address = block.next;
      } else if (!block.test.always() && !block.test.holds(cpu, operands)) {
        int beyond = next[at];
        if (beyond > at) {
          at = beyond;
          continue;
        }
        if (beyond != OUTSIDE
            && CompilerDirectives.injectBranchProbability(Memory.LIKELY, cpu.budget >= slack)
            && CompilerDirectives.inCompiledCode()) {
          at = beyond;
          continue;
        }
        cpu.pc = block.next;
        return;
      } else if (block.exit == Block.Exit.BRANCH) {
        if (block.links) {
          cpu.r14 = block.next;
        }
        to = taken[at];
        address = block.target;
      } else {
        block.exitNode.execute(cpu, operands);
        if (block.exit == Block.Exit.INDIRECT) {
          int pc = cpu.pc;
          int[] candidates = indirect[at];
          for (int i = 0; i < candidates.length; i++) {
            int candidate = candidates[i];
            if (pc == blocks[candidate].pc) {
              if (candidate > at) {
                at = candidate;
                continue loop;
              }
              if (CompilerDirectives.injectBranchProbability(Memory.LIKELY, cpu.budget >= slack)
                  && CompilerDirectives.inCompiledCode()) {
                at = candidate;
                continue loop;
              }
              return;
            }
          }
        }
        return;
      }
      if (to > at) {
        at = to;
        continue;
      }
      if (to != OUTSIDE
          && CompilerDirectives.injectBranchProbability(Memory.LIKELY, cpu.budget >= slack)
          && CompilerDirectives.inCompiledCode()) {
        at = to;
        continue;
      }
      cpu.pc = address;
      return;
    }
  }

  @ExplodeLoop
  private void runBody(Block block, Operands operands) {
    for (InstructionNode node : block.body) {
      node.execute(cpu, operands);
    }
  }

  /** Returns whether every block may be fetched in the present mode where it was translated. */
  boolean reachable(Cpu of) {
    int lastGranule = 0;
    int lastOffset = -1;
    for (CodeEntry entry : entries) {
      int granule = entry.pc & -Bus.GRANULE;
      int offset = entry.physical & -Bus.GRANULE;
      if (granule == lastGranule && offset == lastOffset) {
        continue;
      }
      int physical = of.memory.fetch(granule);
      if (physical < 0 || (physical & -Bus.GRANULE) != offset) {
        return false;
      }
      lastGranule = granule;
      lastOffset = offset;
    }
    return true;
  }

  /** Makes the region's blocks its own: those at ways in lead here from now on. */
  void install() {
    for (CodeEntry entry : entries) {
      if (entry.memberOf == null) {
        entry.memberOf = new java.util.ArrayList<>(2);
      }
      entry.memberOf.add(this);
    }
    for (int entrance : entrances) {
      entries[entrance].region = this;
      entries[entrance].regionIndex = entrance;
    }
  }

  /** Gives the region up: nothing leads here any more. */
  void drop() {
    for (CodeEntry entry : entries) {
      entry.memberOf.remove(this);
      if (entry.region == this) {
        entry.region = null;
        entry.executions = 0;
      }
    }
  }

  /** Returns the number of guest instructions in the region. */
  int instructions() {
    int sum = 0;
    for (Block block : blocks) {
      sum += block.count;
    }
    return sum;
  }

  @Override
  public String getName() {
    return "region@" + Integer.toHexString(blocks[0].pc);
  }

  @Override
  public String toString() {
    return getName();
  }
}
