package org.curios.arm.nodes;

import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.decode.ThumbWords;

/**
 * Makes nodes of Thumb instructions: those of the ARM instruction that does the same, except for
 * branches, calls, and an addition to the rounded PC (ARM DDI 0100, A6, A7).
 */
final class ThumbDecoder {
  private static final int LR = 14;
  private static final int ALWAYS = Condition.ALWAYS;

  private ThumbDecoder() {}

  /** Decodes one instruction into the block. */
  static void decode(BlockBuilder block, int pc, int halfword) {
    Encoding encoding = EncodingTable.thumb(halfword);
    if (encoding == null) {
      block.leave(ALWAYS, new ExceptionNode(pc, ExceptionNode.Kind.UNDEFINED, 0));
      return;
    }
    int word = ThumbWords.of(halfword);
    int address = pc & ~1;
    switch (encoding) {
      case T_B, T_B_COND -> block.branch(word >>> 28, pc + 4 + (word << 8 >> 7), false);
      case T_BL_PREFIX -> constant(block, pc, LR, address + 4 + (halfword << 21 >> 9));
      case T_BL_SUFFIX -> call(block, pc, (halfword & 0x7ff) * 2, false);
      case T_BLX_SUFFIX -> call(block, pc, (halfword & 0x7ff) * 2, true);
      case T_ADD_PC ->
          constant(block, pc, halfword >>> 8 & 7, (address + 4 & ~3) + (halfword & 0xff) * 4);
      case T_LDR_PC -> ArmDecoder.decode(block, pc, ThumbWords.conditional(word)); // it rounds
      default -> ArmDecoder.decode(block, pc, word);
    }
  }

  /** Sets a register to a constant computed from the address of the instruction. */
  private static void constant(BlockBuilder block, int pc, int rd, int value) {
    int mov = DataProcessingNode.MOV;
    block.add(new DataProcessingNode(pc, mov, false, rd, 0, Operand.place(value)), ALWAYS);
  }

  /** The second half of BL or BLX: a call of a known target if the first half is in the block. */
  private static void call(BlockBuilder block, int pc, int distance, boolean toArm) {
    if (block.last() instanceof DataProcessingNode prefix
        && prefix.pc() == pc - 2
        && prefix.isConstantTo(LR)) {
      int target = prefix.constant() + distance;
      block.branch(ALWAYS, toArm ? target & ~3 : target | 1, true);
    } else {
      block.jump(ALWAYS, new ThumbCallNode(pc, distance, toArm));
    }
  }
}
