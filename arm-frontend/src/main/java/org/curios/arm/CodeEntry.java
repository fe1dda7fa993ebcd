package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.nodes.Block;

/**
 * Translated code at one physical and virtual address: its block, what is known of its past, and
 * the region it is in.
 */
public final class CodeEntry {
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

  /**
   * The block, or null while it is not translated; a shorter one takes its place when others turn
   * out to begin within it.
   */
  @CompilationFinal public Block block;

  /** Most bytes of code that its blocks have been made of, those in older regions included. */
  int extent;

  /** How often the interpreter has run the block, as far as it has told. */
  int executions;

  /** The region that has compiled code for this block as a way in, or null. */
  Region region;

  /** How often compiled code was entered here by way of the executor, in its present window. */
  int entered;

  /** Tick at which that window began. */
  long enteredSince;

  /** How often regions were joined from here. */
  int joins;

  private final List<Member> memberOf = new ArrayList<>(1);

  /** Whether a region around the block would bring so little that it must be hotter for it. */
  boolean poor;

  /** Whether the run is to stop before the block. */
  boolean breakpoint;

  /** Whether the code in memory is still the translated one, if it is translated. */
  boolean valid = true;

  /** Where the jump at the end of the block has led. */
  JumpTargets targets = JumpTargets.NONE;

  CodeEntry(int pc, int physical) {
    this.pc = pc;
    this.physical = physical;
  }

  /** Returns whether the block is compiled, or will be, as part of a region. */
  boolean isInRegion() {
    return !memberOf.isEmpty();
  }

  /** Returns whether the block is in a certain region. */
  boolean isIn(Region region) {
    return memberOf.stream().anyMatch(member -> member.region() == region);
  }

  /** Returns the regions that contain the block, as a way in or not. */
  List<Member> memberOf() {
    return memberOf;
  }
}
