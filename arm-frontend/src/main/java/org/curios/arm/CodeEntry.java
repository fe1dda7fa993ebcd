package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.curios.arm.nodes.Block;

/**
 * Translated code at one physical and virtual address: its block, what is known of its past, and
 * the region it is in.
 */
public final class CodeEntry {
  /** Most targets of an indirect jump that are remembered. */
  private static final int MAX_TARGETS = 1 << 15;

  /** Targets up to which they are searched one by one. */
  private static final int FEW = 8;

  /**
   * A block in a region.
   *
   * @param region the region
   * @param number the block's in it
   */
  record Member(Region region, int number) {}

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

  private final List<Member> memberOf = new ArrayList<>(1);

  /** Whether a region around the block would bring so little that it must be hotter for it. */
  boolean poor;

  /** Whether the run is to stop before the block. */
  boolean breakpoint;

  /** Whether the code in memory is still the translated one. */
  boolean valid = true;

  /** Blocks that have followed this one in the interpreter; see {@link #link}. */
  private CodeEntry successor;

  private CodeEntry otherSuccessor;

  private int[] targets = {};
  private int targetCount;
  private Set<Integer> manyTargets = Set.of();

  CodeEntry(int pc, int physical, Block block) {
    this.pc = pc;
    this.physical = physical;
    this.block = block;
  }

  /** Returns whether the block is compiled, or will be, as part of a region. */
  boolean isInRegion() {
    return !memberOf.isEmpty();
  }

  /** Returns the regions that contain the block, as a way in or not. */
  List<Member> memberOf() {
    return memberOf;
  }

  /**
   * Notes an entry that has followed this one, with the same rights. Only within a granule: what
   * leads to this one then leads to the other as well, whatever the page tables say.
   */
  void link(CodeEntry next) {
    if ((pc ^ next.pc) >>> Bus.GRANULE_SHIFT != 0
        || (physical ^ next.physical) >>> Bus.GRANULE_SHIFT != 0) {
      return;
    }
    if (successor == null || !successor.valid) {
      successor = next;
    } else if (otherSuccessor == null || !otherSuccessor.valid) {
      otherSuccessor = next;
    }
  }

  /**
   * Returns the entry at an address if it is to follow this one in the interpreter.
   *
   * @return null if it is not known, or has compiled code, which is to be looked up
   */
  CodeEntry successor(int at) {
    CodeEntry next = successor;
    if (next == null) {
      return null;
    }
    if (next.pc != at) {
      next = otherSuccessor;
      if (next == null || next.pc != at) {
        return null;
      }
    }
    return next.valid && next.region == null ? next : null;
  }

  /** Notes where the block's exit has led. */
  void noteTarget(int target) {
    if (isKnown(target) || targetCount == MAX_TARGETS) {
      return;
    }
    if (targetCount == targets.length) {
      targets = Arrays.copyOf(targets, Math.max(2, 2 * targetCount));
    }
    targets[targetCount++] = target;
    if (targetCount == FEW) {
      manyTargets = new HashSet<>();
      Arrays.stream(targets()).forEach(manyTargets::add);
    } else if (targetCount > FEW) {
      manyTargets.add(target);
    }
  }

  private boolean isKnown(int target) {
    if (targetCount >= FEW) {
      return manyTargets.contains(target);
    }
    for (int i = 0; i < targetCount; i++) {
      if (targets[i] == target) {
        return true;
      }
    }
    return false;
  }

  /** Returns the number of places where the block's exit has led. */
  int targetCount() {
    return targetCount;
  }

  /** Returns where the block's exit has led, in the order of first appearance. */
  int[] targets() {
    return Arrays.copyOf(targets, targetCount);
  }
}
