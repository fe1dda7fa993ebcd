package org.curios.arm.warm;

import java.util.List;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.nodes.Condition;

/** Which flags may be seen before they are written again; the others need not be set. */
final class Flags {
  /** The flags N and Z. */
  static final int NZ = 1;

  /** The flags C and V. */
  static final int CV = 2;

  private Flags() {}

  /**
   * Returns whether flags that an instruction sets may be seen: by another instruction, or by the
   * code that continues where the block is left.
   *
   * @param at the instruction's index in its block
   * @param which {@link #NZ} or {@link #CV}
   */
  static boolean isLive(List<Instruction> block, int at, int which) {
    for (int i = at + 1; i < block.size(); i++) {
      Instruction one = block.get(i);
      if (mayLeave(one) || (read(one) & which) != 0) {
        return true;
      }
      if (one.condition() == Condition.ALWAYS && (written(one) & which) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayLeave(Instruction one) {
    if (one.literal() >= 0) {
      return false;
    }
    return one.endsBlock()
        || switch (one.operation()) {
          case NODE, LDR, LDRB, LDRH, LDRSB, LDRSH, LDM, STR, STRB, STRH, STM, MULL, SHIFTED ->
              true;
          default -> false;
        };
  }

  private static int read(Instruction one) {
    if (one.condition() != Condition.ALWAYS) {
      return NZ | CV;
    }
    return switch (one.operation()) {
      case ADC, SBC, RSC, ADCS, SBCS, RSCS -> CV;
      case ANDS, EORS, ORRS, MOVS, BICS, MVNS, TST, TEQ ->
          ShifterWriter.setsCarry(one.word()) ? CV : 0; // V stays
      default -> 0;
    };
  }

  /** Returns the flags that an instruction writes. */
  static int written(Instruction one) {
    return switch (one.operation()) {
      case SUBS, RSBS, CMP, ADDS, ADCS, SBCS, RSCS, CMN -> NZ | CV;
      case ANDS, EORS, ORRS, MOVS, BICS, MVNS, TST, TEQ ->
          ShifterWriter.setsCarry(one.word()) ? NZ | CV : NZ;
      case MUL, MLA, MULL -> (one.word() & WordOperands.SETS_FLAGS) != 0 ? NZ : 0;
      case NODE, SHIFTED -> NZ | CV;
      default -> 0;
    };
  }
}
