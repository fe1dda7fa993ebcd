package org.curios.arm.nodes;

import static org.curios.arm.nodes.DataProcessingNode.*;

import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;

/**
 * Makes nodes of Thumb instructions: the same ones as for ARM, with other operands (ARM DDI 0100,
 * A6, A7).
 */
final class ThumbDecoder {
  private static final int SP = 13;
  private static final int LR = 14;
  private static final int PC = 15;
  private static final int ALWAYS = Condition.ALWAYS;

  private ThumbDecoder() {}

  /** Decodes one instruction into the block. */
  static void decode(BlockBuilder block, int pc, int word) {
    Encoding encoding = EncodingTable.thumb(word);
    if (encoding == null) {
      block.leave(ALWAYS, new ExceptionNode(pc, ExceptionNode.Kind.UNDEFINED, 0));
      return;
    }
    int low = word & 7; // the register in bits 0 to 2
    int middle = word >>> 3 & 7;
    int high = word >>> 6 & 7;
    int upper = word >>> 8 & 7;
    int immediate5 = word >>> 6 & 31;
    int immediate8 = word & 0xff;
    switch (encoding) {
      case T_LSL_IMM -> alu(block, pc, MOV, low, 0, Operand.shifted(middle, 0, immediate5));
      case T_LSR_IMM -> alu(block, pc, MOV, low, 0, Operand.shifted(middle, 1, immediate5));
      case T_ASR_IMM -> alu(block, pc, MOV, low, 0, Operand.shifted(middle, 2, immediate5));
      case T_ADD_REG -> alu(block, pc, ADD, low, middle, Operand.register(high));
      case T_SUB_REG -> alu(block, pc, SUB, low, middle, Operand.register(high));
      case T_ADD_IMM3 -> alu(block, pc, ADD, low, middle, Operand.immediate(high));
      case T_SUB_IMM3 -> alu(block, pc, SUB, low, middle, Operand.immediate(high));
      case T_MOV_IMM -> alu(block, pc, MOV, upper, 0, Operand.immediate(immediate8));
      case T_CMP_IMM -> alu(block, pc, CMP, 0, upper, Operand.immediate(immediate8));
      case T_ADD_IMM -> alu(block, pc, ADD, upper, upper, Operand.immediate(immediate8));
      case T_SUB_IMM -> alu(block, pc, SUB, upper, upper, Operand.immediate(immediate8));
      case T_AND -> alu(block, pc, AND, low, low, Operand.register(middle));
      case T_EOR -> alu(block, pc, EOR, low, low, Operand.register(middle));
      case T_LSL -> alu(block, pc, MOV, low, 0, Operand.shiftedByRegister(low, 0, middle));
      case T_LSR -> alu(block, pc, MOV, low, 0, Operand.shiftedByRegister(low, 1, middle));
      case T_ASR -> alu(block, pc, MOV, low, 0, Operand.shiftedByRegister(low, 2, middle));
      case T_ROR -> alu(block, pc, MOV, low, 0, Operand.shiftedByRegister(low, 3, middle));
      case T_ADC -> alu(block, pc, ADC, low, low, Operand.register(middle));
      case T_SBC -> alu(block, pc, SBC, low, low, Operand.register(middle));
      case T_TST -> alu(block, pc, TST, 0, low, Operand.register(middle));
      case T_NEG -> alu(block, pc, RSB, low, middle, Operand.immediate(0));
      case T_CMP -> alu(block, pc, CMP, 0, low, Operand.register(middle));
      case T_CMN -> alu(block, pc, CMN, 0, low, Operand.register(middle));
      case T_ORR -> alu(block, pc, ORR, low, low, Operand.register(middle));
      case T_MUL -> block.add(new MultiplyNode(pc, false, true, low, 0, middle, low), ALWAYS);
      case T_BIC -> alu(block, pc, BIC, low, low, Operand.register(middle));
      case T_MVN -> alu(block, pc, MVN, low, 0, Operand.register(middle));
      case T_ADD_HIGH, T_CMP_HIGH, T_MOV_HIGH -> high(block, pc, word, encoding);
      case T_BX -> block.jump(ALWAYS, new BranchExchangeNode(pc, word >>> 3 & 15, false));
      case T_BLX_REG -> block.jump(ALWAYS, new BranchExchangeNode(pc, word >>> 3 & 15, true));
      case T_LDR_PC -> block.add(load(pc, PC, immediate8 * 4, 4, upper), ALWAYS);
      case T_STR_REG -> block.add(store(pc, middle, high, 4, low), ALWAYS);
      case T_STRH_REG -> block.add(store(pc, middle, high, 2, low), ALWAYS);
      case T_STRB_REG -> block.add(store(pc, middle, high, 1, low), ALWAYS);
      case T_LDRSB_REG -> block.add(loadIndexed(pc, middle, high, 1, true, low), ALWAYS);
      case T_LDR_REG -> block.add(loadIndexed(pc, middle, high, 4, false, low), ALWAYS);
      case T_LDRH_REG -> block.add(loadIndexed(pc, middle, high, 2, false, low), ALWAYS);
      case T_LDRB_REG -> block.add(loadIndexed(pc, middle, high, 1, false, low), ALWAYS);
      case T_LDRSH_REG -> block.add(loadIndexed(pc, middle, high, 2, true, low), ALWAYS);
      case T_STR_IMM -> block.add(storeAt(pc, middle, immediate5 * 4, 4, low), ALWAYS);
      case T_LDR_IMM -> block.add(load(pc, middle, immediate5 * 4, 4, low), ALWAYS);
      case T_STRB_IMM -> block.add(storeAt(pc, middle, immediate5, 1, low), ALWAYS);
      case T_LDRB_IMM -> block.add(load(pc, middle, immediate5, 1, low), ALWAYS);
      case T_STRH_IMM -> block.add(storeAt(pc, middle, immediate5 * 2, 2, low), ALWAYS);
      case T_LDRH_IMM -> block.add(load(pc, middle, immediate5 * 2, 2, low), ALWAYS);
      case T_STR_SP -> block.add(storeAt(pc, SP, immediate8 * 4, 4, upper), ALWAYS);
      case T_LDR_SP -> block.add(load(pc, SP, immediate8 * 4, 4, upper), ALWAYS);
      case T_ADD_PC -> {
        int value = ((pc & ~1) + 4 & ~3) + immediate8 * 4;
        plain(block, pc, MOV, upper, 0, Operand.place(value));
      }
      case T_ADD_SP -> plain(block, pc, ADD, upper, SP, Operand.immediate(immediate8 * 4));
      case T_ADD_SP_IMM -> plain(block, pc, ADD, SP, SP, Operand.immediate((word & 0x7f) * 4));
      case T_SUB_SP_IMM -> plain(block, pc, SUB, SP, SP, Operand.immediate((word & 0x7f) * 4));
      case T_PUSH -> {
        int list = immediate8 | (word >>> 8 & 1) << LR;
        block.add(new StoreMultipleNode(pc, false, SP, list, true, false, true), ALWAYS);
      }
      case T_POP -> {
        int list = immediate8 | (word >>> 8 & 1) << PC;
        LoadMultipleNode node = loadMultiple(pc, SP, list, true);
        if ((list >>> PC & 1) != 0) {
          block.jump(ALWAYS, node);
        } else {
          block.add(node, ALWAYS);
        }
      }
      case T_STMIA ->
          block.add(new StoreMultipleNode(pc, false, upper, immediate8, false, true, true), ALWAYS);
      case T_LDMIA ->
          block.add(loadMultiple(pc, upper, immediate8, (immediate8 >>> upper & 1) == 0), ALWAYS);
      case T_BKPT ->
          block.leave(ALWAYS, new ExceptionNode(pc, ExceptionNode.Kind.BREAKPOINT, immediate8));
      case T_SWI ->
          block.leave(
              ALWAYS, new ExceptionNode(pc, ExceptionNode.Kind.SOFTWARE_INTERRUPT, immediate8));
      case T_B_COND -> block.branch(word >>> 8 & 15, pc + 4 + (word << 24 >> 23), false);
      case T_B -> block.branch(ALWAYS, pc + 4 + (word << 21 >> 20), false);
      case T_BL_PREFIX ->
          plain(block, pc, MOV, LR, 0, Operand.place((pc & ~1) + 4 + (word << 21 >> 9)));
      case T_BL_SUFFIX -> call(block, pc, (word & 0x7ff) * 2, false);
      case T_BLX_SUFFIX -> call(block, pc, (word & 0x7ff) * 2, true);
      default -> throw new IllegalStateException("no node for " + encoding);
    }
  }

  private static void alu(
      BlockBuilder block, int pc, int operation, int rd, int rn, Operand operand) {
    block.add(new DataProcessingNode(pc, operation, true, rd, rn, operand), ALWAYS);
  }

  private static void plain(
      BlockBuilder block, int pc, int operation, int rd, int rn, Operand operand) {
    block.add(new DataProcessingNode(pc, operation, false, rd, rn, operand), ALWAYS);
  }

  /** ADD, CMP and MOV between any registers; only CMP sets flags. */
  private static void high(BlockBuilder block, int pc, int word, Encoding encoding) {
    int rd = word & 7 | word >>> 4 & 8;
    Operand operand = Operand.register(word >>> 3 & 15);
    if (encoding == Encoding.T_CMP_HIGH) {
      alu(block, pc, CMP, 0, rd, operand);
      return;
    }
    int operation = encoding == Encoding.T_ADD_HIGH ? ADD : MOV;
    if (rd == PC) {
      block.jump(ALWAYS, new WritePcNode(pc, operation, false, rd, operand));
    } else {
      plain(block, pc, operation, rd, rd, operand);
    }
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

  private static LoadNode load(int pc, int rn, int offset, int size, int rd) {
    Addressing at = Addressing.of(rn, Operand.immediate(offset), true, true, false);
    return new LoadNode(pc, at, size, false, false, rd);
  }

  private static LoadNode loadIndexed(int pc, int rn, int rm, int size, boolean signed, int rd) {
    Addressing at = Addressing.of(rn, Operand.register(rm), true, true, false);
    return new LoadNode(pc, at, size, signed, false, rd);
  }

  private static StoreNode store(int pc, int rn, int rm, int size, int rd) {
    Addressing at = Addressing.of(rn, Operand.register(rm), true, true, false);
    return new StoreNode(pc, at, size, false, rd);
  }

  private static StoreNode storeAt(int pc, int rn, int offset, int size, int rd) {
    Addressing at = Addressing.of(rn, Operand.immediate(offset), true, true, false);
    return new StoreNode(pc, at, size, false, rd);
  }

  private static LoadMultipleNode loadMultiple(int pc, int rn, int list, boolean writesBack) {
    return new LoadMultipleNode(pc, LoadMultipleNode.Form.PLAIN, rn, list, false, true, writesBack);
  }
}
