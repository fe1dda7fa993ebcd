package org.curios.arm.region;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.nodes.ExplodeLoop;
import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;
import org.curios.arm.nodes.Block;

/**
 * The blocks of a nest of loops in a region. They run with the registers in locals of the compiled
 * code, loaded at entry and written back at each exit. A memory access without a fast path is an
 * exit, so that only the blocks themselves access the registers.
 */
final class LoopNest {
  /** All registers, one bit each. */
  static final int ALL = 0xffff;

  /** The ways within the nest. */
  final Flow flow;

  /** Numbers of the blocks that may follow the nest. */
  @CompilationFinal(dimensions = 1)
  final int[] exits;

  /** Targets for these in the flow of the region. */
  @CompilationFinal(dimensions = 1)
  final int[] exitTargets;

  @CompilationFinal(dimensions = 1)
  private final long[] loaded;

  @CompilationFinal(dimensions = 1)
  private final long[] stored;

  private final boolean storesFlags;

  LoopNest(Flow flow, int[] exits, int[] exitTargets, List<Block> members) {
    this.flow = flow;
    this.exits = exits;
    this.exitTargets = exitTargets;
    loaded = offsets(ALL);
    stored = offsets(members.stream().mapToInt(Block::registersWritten).reduce(0, (x, y) -> x | y));
    storesFlags = members.stream().anyMatch(Block::writesFlags);
  }

  private static long[] offsets(int registers) {
    long[] offsets = new long[Integer.bitCount(registers)];
    int next = 0;
    for (int i = 0; i < 16; i++) {
      if ((registers >>> i & 1) != 0) {
        offsets[next++] = Registers.offset(i);
      }
    }
    return offsets;
  }

  @ExplodeLoop
  void load(Registers locals, Cpu cpu) {
    for (long offset : loaded) {
      locals.set(offset, cpu.get(offset));
    }
    locals.n = cpu.n;
    locals.z = cpu.z;
    locals.left = cpu.left;
    locals.right = cpu.right;
    locals.q = cpu.q;
    locals.budget = cpu.budget;
    locals.startBlock = cpu.startBlock;
  }

  @ExplodeLoop
  void store(Registers locals, Cpu cpu) {
    for (long offset : stored) {
      cpu.set(offset, locals.get(offset));
    }
    if (storesFlags) {
      cpu.n = locals.n;
      cpu.z = locals.z;
      cpu.left = locals.left;
      cpu.right = locals.right;
    }
    cpu.q = locals.q;
    cpu.budget = locals.budget;
  }
}
