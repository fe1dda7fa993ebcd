package org.curios.arm.code;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.arm.nodes.Block;

/**
 * Translated code at one physical and virtual address: its block, its execution history, and the
 * compiled units that contain it.
 */
public final class CodeEntry {
  private static final Member[] NONE = {};

  /**
   * A block in a compiled unit.
   *
   * @param unit the unit
   * @param number the block's in it
   */
  public record Member(CompiledUnit unit, int number) {
    private boolean isEntrance() {
      return unit.isEntrance(number);
    }

    /** See {@link CompiledUnit#reach}. */
    Reach reach() {
      return unit.reach(number);
    }
  }

  /** Virtual address with the T bit: constants relative to the PC depend on it. */
  public final int pc;

  /** Offset in RAM. */
  public final int physical;

  /**
   * The block, or null while it is not translated. A shorter one replaces it when another block
   * turns out to start inside it.
   */
  @CompilationFinal public Block block;

  /** Maximum bytes of code of its blocks, including those in older units. */
  int extent;

  /** Words of the granule that are constants of its blocks, by their offsets in RAM. */
  int[] literals = {};

  /** Executions of the block that the interpreter has reported. */
  public int executions;

  /** The unit with compiled code that has this block as an entry, or null. */
  public CompiledUnit unit;

  /** How often compiled code was entered here through the executor, in its current window. */
  public int entered;

  /** Tick at which that window began. */
  public long enteredSince;

  /** How often units were joined from here. */
  public int joins;

  private final List<Member> memberOf = new ArrayList<>(1);

  /** Whether a unit around the block would gain so little that the block must be hotter first. */
  public boolean unprofitable;

  /** Whether a unit around this block, or entered here, was left so soon that it was given up. */
  public boolean isFleeting;

  /** Whether the run is to stop before the block. */
  public boolean breakpoint;

  /** Whether the code in memory is still the translated one, if it is translated. */
  public boolean valid = true;

  /** Targets of the jump at the end of the block. */
  public JumpTargets targets = JumpTargets.NONE;

  CodeEntry(int pc, int physical) {
    this.pc = pc;
    this.physical = physical;
  }

  /** Returns whether bytes at an offset in RAM are part of its code, or constants of it. */
  boolean isMadeOf(int first, int bytes) {
    return physical < first + bytes && first < physical + extent
        || Arrays.stream(literals).anyMatch(at -> at < first + bytes && first < at + 4);
  }

  /** Returns whether the block is compiled, or will be, as part of a unit. */
  public boolean isInUnit() {
    return !memberOf.isEmpty();
  }

  /** Returns whether the block is in a certain unit. */
  public boolean isIn(CompiledUnit one) {
    return memberOf.stream().anyMatch(member -> member.unit() == one);
  }

  /** Returns whether all units that contain the block have compiled code. */
  public boolean isCompiledWhereverItIs() {
    return memberOf.stream().allMatch(member -> member.unit().isCompiled());
  }

  /** Returns the units that contain the block, as an entry or not. */
  public List<Member> memberOf() {
    return memberOf;
  }

  /**
   * Returns the unit that the block leads to: of those of which it is an entry, the newest one
   * whose compiled code is ready, or, if none is ready, the oldest one; null for none.
   */
  Member wayIn() {
    for (int i = memberOf.size() - 1; i >= 0; i--) {
      Member member = memberOf.get(i);
      if (member.unit().isCompiled() && member.isEntrance()) {
        return member;
      }
    }
    for (Member member : memberOf) {
      if (!member.unit().isCompiled() && member.isEntrance()) {
        return member;
      }
    }
    return null;
  }

  /** Returns the other units with code that may continue with the block. */
  Member[] others(Member wayIn) {
    if (memberOf.isEmpty() || memberOf.size() == 1 && wayIn != null) {
      return NONE;
    }
    return memberOf.stream()
        .filter(member -> member != wayIn && member.unit().isCompiled())
        .toArray(Member[]::new);
  }

  /** The odd factor, 2 to the 64 divided by the golden ratio, gives each pair its own key. */
  static long key(int pc, int physical) {
    return ((long) physical << 32 | pc & 0xffffffffL) * 0x9e3779b97f4a7c15L;
  }
}
