package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import java.util.Arrays;
import org.curios.arm.nodes.Block;

/**
 * Translated code at one physical and virtual address: its block, what is known of its past, and
 * the region it is in.
 */
public final class CodeEntry {
  /** Most targets of an indirect jump that are remembered. */
  private static final int TARGETS = 64;

  /** Virtual address with the T bit: constants relative to the PC depend on it. */
  final int pc;

  /** Offset in RAM. */
  final int physical;

  /** The block; a shorter one takes its place when others turn out to begin within it. */
  @CompilationFinal public Block block;

  /** How often the interpreter has run the block. */
  int executions;

  /** The region that has compiled code for this block as a way in, or null. */
  Region region;

  /** Number of the block in the region. */
  int regionIndex;

  /** The regions that contain the block, as a way in or not; null for none. */
  java.util.List<Region> memberOf;

  /** Whether the run is to stop before the block. */
  boolean breakpoint;

  /** Whether the code in memory is still the translated one. */
  boolean valid = true;

  private int[] targets = {};

  CodeEntry(int pc, int physical, Block block) {
    this.pc = pc;
    this.physical = physical;
    this.block = block;
  }

  /** Returns whether the block is compiled, or will be, as part of a region. */
  boolean isInRegion() {
    return memberOf != null && !memberOf.isEmpty();
  }

  /** Notes where the block's exit has led. */
  void noteTarget(int target) {
    for (int known : targets) {
      if (known == target) {
        return;
      }
    }
    if (targets.length < TARGETS) {
      targets = Arrays.copyOf(targets, targets.length + 1);
      targets[targets.length - 1] = target;
    }
  }

  /** Returns where the block's exit has led, in the order of first appearance. */
  int[] targets() {
    return targets;
  }
}
