package org.curios.arm.nodes;

import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;

/** Makes nodes of ARM instructions. */
final class ArmDecoder {
  private static final int PC = 15;
  private static final int ALWAYS = Condition.ALWAYS;

  private ArmDecoder() {}

  private static int bits(int word, int low, int count) {
    return word >>> low & (1 << count) - 1;
  }

  private static boolean bit(int word, int number) {
    return (word >>> number & 1) != 0;
  }

  /** Decodes one instruction into the block. */
  static void decode(BlockBuilder block, int pc, int word) {
    Encoding encoding = EncodingTable.arm(word);
    int condition = bits(word, 28, 4);
    if (encoding == null) {
      undefined(block, pc, condition);
      return;
    }
    int rn = bits(word, 16, 4);
    int rd = bits(word, 12, 4);
    int rs = bits(word, 8, 4);
    int rm = bits(word, 0, 4);
    boolean s = bit(word, 20);
    switch (encoding) {
      case AND_IMM,
          EOR_IMM,
          SUB_IMM,
          RSB_IMM,
          ADD_IMM,
          ADC_IMM,
          SBC_IMM,
          RSC_IMM,
          TST_IMM,
          TEQ_IMM,
          CMP_IMM,
          CMN_IMM,
          ORR_IMM,
          MOV_IMM,
          BIC_IMM,
          MVN_IMM ->
          dataProcessing(block, pc, word, Operand.rotated(word & 0xff, rs));
      case AND_REG,
          EOR_REG,
          SUB_REG,
          RSB_REG,
          ADD_REG,
          ADC_REG,
          SBC_REG,
          RSC_REG,
          TST_REG,
          TEQ_REG,
          CMP_REG,
          CMN_REG,
          ORR_REG,
          MOV_REG,
          BIC_REG,
          MVN_REG ->
          dataProcessing(block, pc, word, shifted(word));
      case AND_RSR,
          EOR_RSR,
          SUB_RSR,
          RSB_RSR,
          ADD_RSR,
          ADC_RSR,
          SBC_RSR,
          RSC_RSR,
          TST_RSR,
          TEQ_RSR,
          CMP_RSR,
          CMN_RSR,
          ORR_RSR,
          MOV_RSR,
          BIC_RSR,
          MVN_RSR ->
          dataProcessing(block, pc, word, Operand.shiftedByRegister(rm, bits(word, 5, 2), rs));
      case MUL -> block.add(new MultiplyNode(pc, false, s, rn, rd, rm, rs), condition);
      case MLA -> block.add(new MultiplyNode(pc, true, s, rn, rd, rm, rs), condition);
      case UMULL, UMLAL, SMULL, SMLAL ->
          block.add(
              new LongMultiplyNode(pc, bit(word, 22), bit(word, 21), s, rn, rd, rm, rs), condition);
      case SMLAXY -> halfword(block, pc, word, HalfwordMultiplyNode.Kind.SMLA);
      case SMLAWY -> halfword(block, pc, word, HalfwordMultiplyNode.Kind.SMLAW);
      case SMULWY -> halfword(block, pc, word, HalfwordMultiplyNode.Kind.SMULW);
      case SMLALXY -> halfword(block, pc, word, HalfwordMultiplyNode.Kind.SMLAL);
      case SMULXY -> halfword(block, pc, word, HalfwordMultiplyNode.Kind.SMUL);
      case QADD, QSUB, QDADD, QDSUB ->
          block.add(new SaturatingNode(pc, bit(word, 22), bit(word, 21), rd, rn, rm), condition);
      case CLZ -> block.add(new CountLeadingZerosNode(pc, rd, rm), condition);
      case SWP -> block.add(new SwapNode(pc, 4, rd, rm, rn), condition);
      case SWPB -> block.add(new SwapNode(pc, 1, rd, rm, rn), condition);
      case MRS -> block.add(StatusNode.read(pc, bit(word, 22), rd), condition);
      case MSR_IMM ->
          block.add(
              StatusNode.write(pc, bit(word, 22), rn, Operand.rotated(word & 0xff, rs)), condition);
      case MSR_REG ->
          block.add(StatusNode.write(pc, bit(word, 22), rn, Operand.register(rm)), condition);
      case BX, BXJ -> block.jump(condition, new BranchExchangeNode(pc, rm, false));
      case BLX_REG -> block.jump(condition, new BranchExchangeNode(pc, rm, true));
      case BKPT ->
          block.leave(
              ALWAYS,
              new ExceptionNode(pc, ExceptionNode.Kind.BREAKPOINT, encoding.field(word, 'i')));
      case B -> block.branch(condition, pc + 8 + (word << 8 >> 6), false);
      case BL -> block.branch(condition, pc + 8 + (word << 8 >> 6), true);
      case BLX_IMM ->
          block.branch(ALWAYS, pc + 8 + (word << 8 >> 6) + bits(word, 24, 1) * 2 | 1, true);
      case SWI ->
          block.leave(
              condition,
              new ExceptionNode(pc, ExceptionNode.Kind.SOFTWARE_INTERRUPT, word & 0xffffff));
      case LDR_IMM, LDRB_IMM, LDR_REG, LDRB_REG, LDRT_IMM, LDRBT_IMM, LDRT_REG, LDRBT_REG ->
          load(block, pc, word, wordAddressing(word), bit(word, 22) ? 1 : 4, false);
      case STR_IMM, STRB_IMM, STR_REG, STRB_REG, STRT_IMM, STRBT_IMM, STRT_REG, STRBT_REG ->
          block.add(
              new StoreNode(pc, wordAddressing(word), bit(word, 22) ? 1 : 4, asUser(word), rd),
              condition);
      case LDRH_IMM, LDRH_REG -> load(block, pc, word, halfAddressing(word), 2, false);
      case LDRSB_IMM, LDRSB_REG -> load(block, pc, word, halfAddressing(word), 1, true);
      case LDRSH_IMM, LDRSH_REG -> load(block, pc, word, halfAddressing(word), 2, true);
      case STRH_IMM, STRH_REG ->
          block.add(new StoreNode(pc, halfAddressing(word), 2, false, rd), condition);
      case LDRD_IMM, LDRD_REG, STRD_IMM, STRD_REG -> {
        if ((rd & 1) != 0 || rd == 14) {
          undefined(block, pc, condition);
        } else {
          boolean loads = encoding == Encoding.LDRD_IMM || encoding == Encoding.LDRD_REG;
          block.add(new DoublewordNode(pc, halfAddressing(word), loads, rd), condition);
        }
      }
      case PLD_IMM, PLD_REG -> block.add(new HintNode(pc), ALWAYS);
      case LDM, LDM_USER, LDM_EXCEPTION -> loadMultiple(block, pc, word, encoding);
      case STM, STM_USER ->
          block.add(
              new StoreMultipleNode(
                  pc,
                  encoding == Encoding.STM_USER,
                  rn,
                  word & 0xffff,
                  bit(word, 24),
                  bit(word, 23),
                  bit(word, 21)),
              condition);
      case MCR, MRC -> {
        if (rs == 15) {
          block.add(
              new CoprocessorNode(
                  pc, encoding == Encoding.MRC, bits(word, 21, 3), rd, rn, rm, bits(word, 5, 3)),
              condition);
        } else {
          undefined(block, pc, condition);
        }
      }
      default -> undefined(block, pc, condition);
    }
  }

  private static void undefined(BlockBuilder block, int pc, int condition) {
    block.leave(condition, new ExceptionNode(pc, ExceptionNode.Kind.UNDEFINED, 0));
  }

  private static Operand shifted(int word) {
    return Operand.shifted(bits(word, 0, 4), bits(word, 5, 2), bits(word, 7, 5));
  }

  private static void dataProcessing(BlockBuilder block, int pc, int word, Operand operand) {
    int operation = bits(word, 21, 4);
    int rn = bits(word, 16, 4);
    int rd = bits(word, 12, 4);
    int condition = bits(word, 28, 4);
    boolean s = bit(word, 20);
    boolean compares = operation >= DataProcessingNode.TST && operation <= DataProcessingNode.CMN;
    if (rd != PC || compares) {
      block.add(
          new DataProcessingNode(pc, operation, s, compares ? 0 : rd, rn, operand), condition);
    } else if (s) {
      block.leave(condition, new WritePcNode(pc, operation, true, rn, operand));
    } else {
      block.jump(condition, new WritePcNode(pc, operation, false, rn, operand));
    }
  }

  private static void halfword(
      BlockBuilder block, int pc, int word, HalfwordMultiplyNode.Kind kind) {
    block.add(
        new HalfwordMultiplyNode(
            pc,
            kind,
            bits(word, 5, 1),
            bits(word, 6, 1),
            bits(word, 16, 4),
            bits(word, 12, 4),
            bits(word, 0, 4),
            bits(word, 8, 4)),
        bits(word, 28, 4));
  }

  private static boolean asUser(int word) {
    return !bit(word, 24) && bit(word, 21);
  }

  private static Addressing wordAddressing(int word) {
    Operand offset = bit(word, 25) ? shifted(word) : Operand.immediate(word & 0xfff);
    return addressing(word, offset);
  }

  private static Addressing halfAddressing(int word) {
    Operand offset =
        bit(word, 22)
            ? Operand.immediate(bits(word, 8, 4) << 4 | word & 15)
            : Operand.register(word & 15);
    return addressing(word, offset);
  }

  private static Addressing addressing(int word, Operand offset) {
    return Addressing.of(bits(word, 16, 4), offset, bit(word, 23), bit(word, 24), bit(word, 21));
  }

  private static void load(
      BlockBuilder block, int pc, int word, Addressing addressing, int size, boolean signed) {
    int rd = bits(word, 12, 4);
    boolean user = size != 2 && !signed && asUser(word);
    LoadNode node = new LoadNode(pc, addressing, size, signed, user, rd);
    if (rd == PC) {
      block.jump(bits(word, 28, 4), node);
    } else {
      block.add(node, bits(word, 28, 4));
    }
  }

  private static void loadMultiple(BlockBuilder block, int pc, int word, Encoding encoding) {
    LoadMultipleNode.Form form =
        switch (encoding) {
          case LDM_USER -> LoadMultipleNode.Form.USER;
          case LDM_EXCEPTION -> LoadMultipleNode.Form.EXCEPTION;
          default -> LoadMultipleNode.Form.PLAIN;
        };
    LoadMultipleNode node =
        new LoadMultipleNode(
            pc,
            form,
            bits(word, 16, 4),
            word & 0xffff,
            bit(word, 24),
            bit(word, 23),
            bit(word, 21));
    int condition = bits(word, 28, 4);
    if (form == LoadMultipleNode.Form.EXCEPTION) {
      block.leave(condition, node);
    } else if (bit(word, PC)) {
      block.jump(condition, node);
    } else {
      block.add(node, condition);
    }
  }
}
