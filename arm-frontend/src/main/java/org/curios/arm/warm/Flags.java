package org.curios.arm.warm;

import java.util.List;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.nodes.Condition;

/** Which flags may be seen before they are written again; the others need not be set. */
final class Flags {
  /** The flags N and Z. */
  static final int NZ = 1;

  /** The flag C. */
  static final int C = 2;

  /** The flag V. */
  private static final int V = 4;

  /** The flags C and V. */
  static final int CV = C | V;

  private Flags() {}

  /**
   * Returns whether flags that an instruction sets may be seen: by another instruction, or by the
   * code that continues where the block is left.
   *
   * @param at the instruction's index in its block
   * @param which {@link #NZ}, {@link #C} or {@link #CV}
   */
  static boolean isLive(List<Instruction> block, int at, int which) {
    int left = which;
    for (int i = at + 1; i < block.size() && left != 0; i++) {
      Instruction one = block.get(i);
      if (mayLeave(one) || (read(one) & left) != 0) {
        return true;
      }
      if (one.condition() == Condition.ALWAYS) {
        left &= ~written(one);
      }
    }
    return left != 0;
  }

  private static boolean mayLeave(Instruction one) {
    if (one.literal() >= 0) {
      return false;
    }
    return one.endsBlock()
        || switch (one.operation()) {
          case NODE,
              MUL,
              MLA,
              MUL_HALVES,
              CLZ,
              LDR,
              LDRB,
              LDRH,
              LDRSB,
              LDRSH,
              LDM,
              STR,
              STRB,
              STRH,
              STM,
              MULL,
              SHIFTED ->
              true;
          default -> false;
        };
  }

  private static int read(Instruction one) {
    if (one.condition() != Condition.ALWAYS) {
      return NZ | CV;
    }
    return switch (one.operation()) {
      case ADC, SBC, RSC, ADCS, SBCS, RSCS -> C;
      default -> 0;
    };
  }

  /** Returns the flags that an instruction writes. */
  static int written(Instruction one) {
    return switch (one.operation()) {
      case SUBS, RSBS, CMP, ADDS, ADCS, SBCS, RSCS, CMN -> NZ | CV;
      case ANDS, EORS, ORRS, MOVS, BICS, MVNS, TST, TEQ ->
          ShifterWriter.setsCarry(one.word()) ? NZ | C : NZ; // V stays
      case MUL, MLA, MULL -> (one.word() & WordOperands.SETS_FLAGS) != 0 ? NZ : 0;
      case NODE, SHIFTED -> NZ | CV;
      default -> 0;
    };
  }
}
