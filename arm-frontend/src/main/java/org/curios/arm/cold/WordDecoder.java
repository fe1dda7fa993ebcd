package org.curios.arm.cold;

import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.nodes.Condition;

/** Determines the operation of an instruction word from its bits 27 to 20 and 7 to 4. */
public final class WordDecoder {
  /** Operations of data processing by their numbers, and with the S bit. */
  private static final WordOperation[] PROCESSING = {
    WordOperation.AND,
    WordOperation.EOR,
    WordOperation.SUB,
    WordOperation.RSB,
    WordOperation.ADD,
    WordOperation.ADC,
    WordOperation.SBC,
    WordOperation.RSC,
    null,
    null,
    null,
    null,
    WordOperation.ORR,
    WordOperation.MOV,
    WordOperation.BIC,
    WordOperation.MVN,
    WordOperation.ANDS,
    WordOperation.EORS,
    WordOperation.SUBS,
    WordOperation.RSBS,
    WordOperation.ADDS,
    WordOperation.ADCS,
    WordOperation.SBCS,
    WordOperation.RSCS,
    WordOperation.TST,
    WordOperation.TEQ,
    WordOperation.CMP,
    WordOperation.CMN,
    WordOperation.ORRS,
    WordOperation.MOVS,
    WordOperation.BICS,
    WordOperation.MVNS
  };

  private static final WordOperation[] BY_WORD = byWord();

  private WordDecoder() {}

  /** Returns the operation of an instruction that has a condition. */
  public static WordOperation operation(int word) {
    return BY_WORD[word >>> 16 & 0xff0 | word >>> 4 & 15];
  }

  private static WordOperation[] byWord() {
    WordOperation[] operations = new WordOperation[4096];
    for (int i = 0; i < operations.length; i++) {
      int word = Condition.ALWAYS << 28 | (i & 0xff0) << 16 | (i & 15) << 4;
      operations[i] = of(EncodingTable.arm(word), word);
    }
    return operations;
  }

  private static WordOperation of(Encoding encoding, int word) {
    if (encoding == null) {
      return WordOperation.NODE;
    }
    if (encoding.compareTo(Encoding.MVN_REG) <= 0) { // data processing, but shifts by registers
      return PROCESSING[word >>> 21 & 15 | word >>> 16 & 16];
    }
    if (encoding.compareTo(Encoding.MVN_RSR) <= 0) {
      return WordOperation.SHIFTED;
    }
    return switch (encoding) {
      case SMLAXY, SMLAWY, SMULWY, SMLALXY, SMULXY -> WordOperation.MUL_HALVES;
      case CLZ -> WordOperation.CLZ;
      case LDR_IMM, LDR_REG, LDRT_IMM, LDRT_REG -> WordOperation.LDR;
      case LDRB_IMM, LDRB_REG, LDRBT_IMM, LDRBT_REG -> WordOperation.LDRB;
      case STR_IMM, STR_REG, STRT_IMM, STRT_REG -> WordOperation.STR;
      case STRB_IMM, STRB_REG, STRBT_IMM, STRBT_REG -> WordOperation.STRB;
      case LDRH_IMM, LDRH_REG -> WordOperation.LDRH;
      case LDRSB_IMM, LDRSB_REG -> WordOperation.LDRSB;
      case LDRSH_IMM, LDRSH_REG -> WordOperation.LDRSH;
      case STRH_IMM, STRH_REG -> WordOperation.STRH;
      case LDM -> WordOperation.LDM;
      case STM -> WordOperation.STM;
      case MUL -> WordOperation.MUL;
      case MLA -> WordOperation.MLA;
      case UMULL, UMLAL, SMULL, SMLAL -> WordOperation.MULL;
      case B -> WordOperation.B;
      case BL -> WordOperation.BL;
      case BX, BXJ -> WordOperation.BX;
      case BLX_REG -> WordOperation.BLX;
      default -> WordOperation.NODE;
    };
  }
}
