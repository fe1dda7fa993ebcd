package org.curios.arm.region;

import com.oracle.truffle.api.CompilerAsserts;
import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.RootCallTarget;
import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.nodes.ExplodeLoop;
import com.oracle.truffle.api.nodes.ExplodeLoop.LoopExplosionKind;
import com.oracle.truffle.api.nodes.LoopNode;
import com.oracle.truffle.api.nodes.RootNode;
import java.util.HashMap;
import java.util.Map;
import org.curios.arm.code.CodeCache;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.code.CodeEntry.Member;
import org.curios.arm.code.CodeSlot;
import org.curios.arm.code.CompiledUnit;
import org.curios.arm.code.Reach;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;
import org.curios.arm.nodes.Block;
import org.curios.arm.nodes.Operands;

/**
 * Hot blocks that are compiled together, the unit of partial evaluation. Entered at any of its ways
 * in (loop heads, targets of calls, returns from calls), left with the PC set. The interpreter
 * never runs the region: until its compiled code is ready, the executor runs its blocks one by one.
 *
 * <p>Events are polled where the order of the blocks is broken, so that at most {@link #slack}
 * instructions run between two polls: with less than that in the budget the region is left, and the
 * executor stops at the exact tick.
 */
public final class Region extends RootNode implements CompiledUnit {
  /** A value of {@link Cpu#startBlock} that only requests compiled code. */
  static final int PROBE = -1;

  /**
   * Loop count that a probe reports, so that an embedder's engine with other thresholds also
   * compiles at once, and in its last tier: a region consists of hot code only.
   */
  private static final int HOT = 10_000;

  private final Cpu cpu;
  private final CodeCache code;

  @CompilationFinal(dimensions = 1)
  private final Block[] blocks;

  private final Flow regionFlow;

  /** The nests of loops, whose blocks are not part of {@link #regionFlow}. */
  @CompilationFinal(dimensions = 1)
  private final LoopNest[] nests;

  /** The entries of these blocks, in the same order. */
  private final CodeEntry[] entries;

  private final RegionParts parts;

  /** Most instructions between two polls. */
  private final int slack;

  /** Whether compiled code has been seen. */
  private boolean compiled;

  private boolean probed;
  private boolean isDropped;

  /** Ticks after which a compilation is no longer awaited: half a minute of the interpreter. */
  private static final long OVERDUE = 2_000_000_000L;

  /** Tick at which the region was built. */
  private final long built;

  /** Misses at an instruction that make its slow path worth compiling. */
  private static final int FREQUENT = 500;

  /**
   * Ticks between two misses at an instruction that restart the count. After each snapshot the
   * first store to each granule misses, and such stores should keep their fast path.
   */
  private static final long SELDOM = 20_000;

  /** Counts how often the region was left before an instruction. */
  private static final class Misses {
    private int count;
    private long last;

    boolean isFrequentAt(long tick) {
      count = tick - last > SELDOM ? 1 : count + 1;
      last = tick;
      return count >= FREQUENT;
    }
  }

  private final CodeEntry head;
  private final Visits visits = new Visits();

  /** By the address of the instruction. */
  private final Map<Integer, Misses> misses = new HashMap<>();

  private final RootCallTarget target;

  /**
   * Makes a region.
   *
   * @param head the block around which it was built
   * @param entries the blocks
   * @param parts the granules that they are in
   * @param flow the ways between them
   * @param nests the nests of loops in the flow, by number
   * @param slack most instructions between two polls
   */
  Region(
      TruffleLanguage<?> language,
      Cpu cpu,
      CodeCache code,
      CodeEntry head,
      CodeEntry[] entries,
      RegionParts parts,
      Flow flow,
      LoopNest[] nests,
      int slack) {
    super(language);
    this.cpu = cpu;
    this.code = code;
    this.built = cpu.now();
    this.head = head;
    this.entries = entries;
    this.parts = parts;
    this.blocks = new Block[entries.length];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = entries[i].block;
      blocks[i].findRuns();
    }
    this.regionFlow = flow;
    this.nests = nests;
    this.slack = slack;
    this.target = getCallTarget();
  }

  @Override
  public int slack() {
    return slack;
  }

  @Override
  public boolean isCompiled() {
    return compiled;
  }

  @Override
  public void enter(int block, Reach reach) {
    cpu.startBlock = block;
    cpu.open = reach.open();
    target.call();
  }

  @Override
  public boolean probe() {
    cpu.startBlock = PROBE;
    target.call();
    boolean isNew = probed && !compiled;
    compiled = probed;
    if (isNew) {
      link();
    }
    return compiled;
  }

  /**
   * Returns whether its compilation has taken so long that it may have failed, or the guest has
   * been reset to an earlier time.
   */
  public boolean isOverdue() {
    long ticks = cpu.now() - built;
    return ticks < 0 || ticks > OVERDUE;
  }

  /** If that happens often, the region is dropped, to be built again with the slow path. */
  @Override
  public void noteMiss(int pc) {
    if (misses.computeIfAbsent(pc, at -> new Misses()).isFrequentAt(cpu.now())) {
      for (Block block : blocks) {
        block.compileSlowPath(pc);
      }
      drop();
    }
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
        run(cpu, regionFlow);
      } catch (SideExit sideExit) {
        return sideExit;
      }
    }
    return SideExit.INSTANCE;
  }

  /**
   * Runs blocks from one to the next, beginning with {@link Registers#startBlock}.
   *
   * @param registers the processor itself, or the locals of a nest
   * @param flow the ways of the region, or of a nest
   * @return {@link Flow#OUTSIDE} when the region is left, and the PC is where to continue;
   *     otherwise the number of the block outside the nest to continue with
   */
  @ExplodeLoop(kind = LoopExplosionKind.MERGE_EXPLODE)
  private int run(Registers registers, Flow flow) {
    int at = Flow.SELECT;
    loop:
    while (true) {
      CompilerAsserts.partialEvaluationConstant(at);
      if (at == Flow.SELECT) {
        at = flow.selection;
        continue loop;
      }
      if (flow.isChoice(at)) {
        int place = at - flow.blocks.length;
        if (registers.startBlock < flow.entrances[place]) {
          at = flow.below[place];
          continue loop;
        }
        at = flow.above[place];
        continue loop;
      }
      if (Flow.isBeyond(at)) {
        if (flow != regionFlow) {
          return Flow.number(at);
        }
        LoopNest nest = nests[Flow.number(at)];
        int beyond = runNest(nest);
        for (int i = 0; i < nest.exits.length; i++) {
          if (beyond == nest.exits[i]) {
            note(registers, nest.exitTargets[i], nest.exits[i]);
            at = nest.exitTargets[i];
            continue loop;
          }
        }
        return Flow.OUTSIDE;
      }
      Block block = blocks[flow.blocks[at]];
      Flow.Ways ways = flow.ways[at];
      Operands operands = new Operands();
      registers.budget -= block.count;
      runBody(block, registers, operands);
      if (block.exit != Block.Exit.FALL
          && (block.test.always() || block.test.holds(registers, operands))) {
        if (block.exit == Block.Exit.BRANCH) {
          if (block.links) {
            registers.r14 = block.next;
          }
          if (ways.taken != Flow.OUTSIDE
              && isOpen(ways.takenPart)
              && (!ways.takenPolls || mayGoOn(registers))) {
            note(registers, ways.taken, ways.takenBlock);
            at = ways.taken;
            continue loop;
          }
          cpu.pc = block.target;
          return Flow.OUTSIDE;
        }
        block.exitNode.execute(registers, cpu, operands);
        boolean system = block.exit == Block.Exit.SYSTEM;
        if (system && !isStillIn()) {
          return Flow.OUTSIDE;
        }
        int pc = cpu.pc;
        for (int i = 0; i < ways.indirect.length; i++) {
          if (pc == blocks[ways.candidates[i]].pc) {
            if (system
                || isOpen(ways.indirectParts[i])
                    && (!ways.indirectPolls[i] || mayGoOn(registers))) {
              note(registers, ways.indirect[i], ways.candidates[i]);
              at = ways.indirect[i];
              continue loop;
            }
            return Flow.OUTSIDE;
          }
        }
        return Flow.OUTSIDE;
      }
      if (ways.next != Flow.OUTSIDE
          && isOpen(ways.nextPart)
          && (!ways.nextPolls || mayGoOn(registers))) {
        note(registers, ways.next, ways.nextBlock);
        at = ways.next;
        continue loop;
      }
      cpu.pc = block.next;
      return Flow.OUTSIDE;
    }
  }

  /** Records the block to continue with if the target does not determine it. */
  private static void note(Registers registers, int target, int block) {
    if (target < 0) {
      registers.startBlock = block;
    }
  }

  /**
   * Returns whether the region may continue at the PC after a change of mode, tables or rights:
   * what the executor would check, without leaving.
   */
  private boolean isStillIn() {
    if (cpu.attention || !mayGoOn(cpu)) {
      return false;
    }
    CodeSlot slot = code.slot(cpu.pc);
    Reach reach = slot == null ? null : slot.reach(this);
    if (reach == null) {
      return false;
    }
    cpu.open = reach.open();
    return true;
  }

  /** Returns whether the code of another part may be fetched. */
  private boolean isOpen(int part) {
    return part < 0
        || CompilerDirectives.injectBranchProbability(Memory.LIKELY, (cpu.open & 1L << part) != 0)
            && CompilerDirectives.inCompiledCode();
  }

  /** Returns whether no event is near. */
  private boolean mayGoOn(Registers registers) {
    return CompilerDirectives.injectBranchProbability(Memory.LIKELY, registers.budget >= slack)
        && CompilerDirectives.inCompiledCode();
  }

  private int runNest(LoopNest nest) {
    Registers locals = new Registers();
    nest.load(locals, cpu);
    int beyond;
    try {
      beyond = run(locals, nest.flow);
    } catch (SideExit sideExit) {
      nest.store(locals, cpu);
      throw sideExit;
    }
    nest.store(locals, cpu);
    return beyond;
  }

  @ExplodeLoop
  private void runBody(Block block, Registers registers, Operands operands) {
    for (int i = 0; i < block.body.length; i++) {
      Block.Run run = registers == cpu ? block.run(i) : null;
      if (run != null) {
        runCopied(block, i, run, operands);
        i += run.count() - 1;
      } else {
        block.body[i].execute(registers, cpu, operands);
      }
    }
  }

  /** Runs instructions with the registers in locals: overwritten results are not stored. */
  @ExplodeLoop
  private void runCopied(Block block, int from, Block.Run run, Operands operands) {
    Registers locals = new Registers();
    copy(cpu, locals, LoopNest.ALL);
    copyFlags(cpu, locals);
    for (int i = from; i < from + run.count(); i++) {
      block.body[i].execute(locals, cpu, operands);
    }
    copy(locals, cpu, run.written());
    if (run.flags()) {
      copyFlags(locals, cpu);
    }
  }

  /** Copies registers, one bit each. */
  @ExplodeLoop
  private static void copy(Registers from, Registers to, int registers) {
    for (int i = 0; i < 16; i++) {
      if ((registers >>> i & 1) != 0) {
        to.set(Registers.offset(i), from.get(Registers.offset(i)));
      }
    }
  }

  private static void copyFlags(Registers from, Registers to) {
    to.n = from.n;
    to.z = from.z;
    to.left = from.left;
    to.right = from.right;
  }

  @Override
  public Reach reach(int block) {
    return parts.reach(cpu, block);
  }

  /** Registers the region with its blocks. */
  public void install() {
    code.noteCompiled(instructions());
    for (int i = 0; i < entries.length; i++) {
      entries[i].memberOf().add(new Member(this, i));
    }
    link();
  }

  /** Links the region's blocks to the units that are now to be entered from them. */
  private void link() {
    for (CodeEntry entry : entries) {
      code.link(entry);
    }
  }

  @Override
  public boolean isEntrance(int block) {
    return regionFlow.isEntrance(block);
  }

  /**
   * Says how soon warm code was left in place of the region, since a visit costs no more than that.
   *
   * @param instructions mean between two instructions without a fast path
   */
  public void replaces(double instructions) {
    visits.replaces(instructions);
  }

  @Override
  public boolean isWorthVisiting(long ticks) {
    return visits.isWorthIt(ticks);
  }

  @Override
  public void giveUp() {
    head.isFleeting = true;
    drop();
  }

  @Override
  public void drop() {
    if (isDropped) {
      return;
    }
    isDropped = true;
    code.noteCompiled(-instructions());
    for (CodeEntry entry : entries) {
      entry.memberOf().removeIf(m -> m.unit() == this);
      if (entry.unit == this) {
        entry.executions -= entry.executions % Thresholds.USUAL.hot();
      }
    }
    link();
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
