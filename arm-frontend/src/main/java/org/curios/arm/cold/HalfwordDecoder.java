package org.curios.arm.cold;

import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.nodes.DataProcessingNode.*;

import java.util.Arrays;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.nodes.Condition;

/**
 * Finds what a Thumb instruction does: the ARM instruction that does the same (ARM DDI 0100, A6.1,
 * A7.1), or one of the operations that only Thumb has.
 */
final class HalfwordDecoder {
  /**
   * In place of the condition of a word: what it reads as the PC is rounded down to a multiple of
   * 4.
   */
  static final int ROUNDED = 15;

  /** The word of an undefined instruction, whose operation is not to be carried out. */
  static final int UNDEFINED = ROUNDED << 28;

  private static final int ALWAYS = Condition.ALWAYS << 28;
  private static final int SP = 13;
  private static final int LR = 14;

  /** A rotation that makes a constant four times as large. */
  private static final int TIMES_4 = 15 << 8;

  /** Bits of a halfword that do not tell what it does. */
  private static final int OPERANDS = 6;

  private static final int[] WORDS = new int[1 << 16];
  private static final WordOperation[] OPERATIONS = new WordOperation[1 << 16 - OPERANDS];

  static {
    Arrays.fill(OPERATIONS, WordOperation.NODE);
    for (int halfword = 0; halfword < WORDS.length; halfword++) {
      Encoding encoding = EncodingTable.thumb(halfword);
      WORDS[halfword] = encoding == null ? UNDEFINED : word(encoding, halfword);
      if (encoding != null) {
        OPERATIONS[halfword >>> OPERANDS] = of(encoding, WORDS[halfword]);
      }
    }
  }

  private HalfwordDecoder() {}

  /** Returns the operation of a Thumb instruction. */
  static WordOperation operation(int halfword) {
    return OPERATIONS[halfword >>> OPERANDS];
  }

  /**
   * Returns the word that the operation takes: with a condition, {@link Condition#ALWAYS} for all
   * but branches, or {@link #ROUNDED}; or {@link #UNDEFINED}.
   */
  static int word(int halfword) {
    return WORDS[halfword];
  }

  /** Returns whether a Thumb instruction is the first half of BL or BLX. */
  static boolean isPrefix(int halfword) {
    return operation(halfword) == WordOperation.THUMB_BL_PREFIX;
  }

  private static WordOperation of(Encoding encoding, int word) {
    return switch (encoding) {
      case T_ADD_HIGH -> WordOperation.THUMB_ADD;
      case T_MOV_HIGH -> WordOperation.THUMB_MOV;
      case T_B, T_B_COND -> WordOperation.THUMB_B;
      case T_BL_PREFIX -> WordOperation.THUMB_BL_PREFIX;
      case T_BL_SUFFIX -> WordOperation.THUMB_BL_SUFFIX;
      case T_BLX_SUFFIX -> WordOperation.THUMB_BLX_SUFFIX;
      case T_BLX_REG -> WordOperation.THUMB_BLX;
      case T_LSL, T_LSR, T_ASR, T_ROR, T_SWI, T_BKPT -> WordOperation.NODE;
      default -> WordDecoder.operation(word);
    };
  }

  private static int word(Encoding encoding, int half) {
    int low = half & 7; // the register in bits 0 to 2
    int middle = half >>> 3 & 7;
    int high = half >>> 6 & 7;
    int upper = half >>> 8 & 7;
    int immediate5 = half >>> 6 & 31;
    int immediate8 = half & 0xff;
    int anyRd = half & 7 | half >>> 4 & 8;
    int anyRm = half >>> 3 & 15;
    return switch (encoding) {
      case T_LSL_IMM, T_LSR_IMM, T_ASR_IMM ->
          flags(MOV, low, 0) | immediate5 << 7 | (half >>> 11 & 3) << 5 | middle;
      case T_ADD_REG -> flags(ADD, low, middle) | high;
      case T_SUB_REG -> flags(SUB, low, middle) | high;
      case T_ADD_IMM3 -> constant(flags(ADD, low, middle), high);
      case T_SUB_IMM3 -> constant(flags(SUB, low, middle), high);
      case T_MOV_IMM -> constant(flags(MOV, upper, 0), immediate8);
      case T_CMP_IMM -> constant(flags(CMP, 0, upper), immediate8);
      case T_ADD_IMM -> constant(flags(ADD, upper, upper), immediate8);
      case T_SUB_IMM -> constant(flags(SUB, upper, upper), immediate8);
      case T_AND -> flags(AND, low, low) | middle;
      case T_EOR -> flags(EOR, low, low) | middle;
      case T_ADC -> flags(ADC, low, low) | middle;
      case T_SBC -> flags(SBC, low, low) | middle;
      case T_TST -> flags(TST, 0, low) | middle;
      case T_NEG -> constant(flags(RSB, low, middle), 0);
      case T_CMP -> flags(CMP, 0, low) | middle;
      case T_CMN -> flags(CMN, 0, low) | middle;
      case T_ORR -> flags(ORR, low, low) | middle;
      case T_MUL -> ALWAYS | 0x00100090 | low << 16 | low << 8 | middle;
      case T_BIC -> flags(BIC, low, low) | middle;
      case T_MVN -> flags(MVN, low, 0) | middle;
      case T_CMP_HIGH -> flags(CMP, 0, anyRd) | anyRm;
      case T_ADD_HIGH -> plain(ADD, anyRd, anyRd) | anyRm;
      case T_MOV_HIGH -> plain(MOV, anyRd, 0) | anyRm;
      case T_BX, T_BLX_REG -> ALWAYS | 0x012fff10 | anyRm;
      case T_LDR_PC -> ROUNDED << 28 | 0x05900000 | PC << 16 | upper << 12 | 4 * immediate8;
      case T_STR_REG -> ALWAYS | 0x07800000 | middle << 16 | low << 12 | high;
      case T_STRB_REG -> ALWAYS | 0x07c00000 | middle << 16 | low << 12 | high;
      case T_LDR_REG -> ALWAYS | 0x07900000 | middle << 16 | low << 12 | high;
      case T_LDRB_REG -> ALWAYS | 0x07d00000 | middle << 16 | low << 12 | high;
      case T_STRH_REG -> ALWAYS | 0x018000b0 | middle << 16 | low << 12 | high;
      case T_LDRH_REG -> ALWAYS | 0x019000b0 | middle << 16 | low << 12 | high;
      case T_LDRSB_REG -> ALWAYS | 0x019000d0 | middle << 16 | low << 12 | high;
      case T_LDRSH_REG -> ALWAYS | 0x019000f0 | middle << 16 | low << 12 | high;
      case T_STR_IMM -> ALWAYS | 0x05800000 | middle << 16 | low << 12 | 4 * immediate5;
      case T_LDR_IMM -> ALWAYS | 0x05900000 | middle << 16 | low << 12 | 4 * immediate5;
      case T_STRB_IMM -> ALWAYS | 0x05c00000 | middle << 16 | low << 12 | immediate5;
      case T_LDRB_IMM -> ALWAYS | 0x05d00000 | middle << 16 | low << 12 | immediate5;
      case T_STRH_IMM -> half(0x01c000b0, middle, low, 2 * immediate5);
      case T_LDRH_IMM -> half(0x01d000b0, middle, low, 2 * immediate5);
      case T_STR_SP -> ALWAYS | 0x05800000 | SP << 16 | upper << 12 | 4 * immediate8;
      case T_LDR_SP -> ALWAYS | 0x05900000 | SP << 16 | upper << 12 | 4 * immediate8;
      case T_ADD_PC -> constant(plain(ADD, upper, PC), TIMES_4 | immediate8) | ROUNDED << 28;
      case T_ADD_SP -> constant(plain(ADD, upper, SP), TIMES_4 | immediate8);
      case T_ADD_SP_IMM -> constant(plain(ADD, SP, SP), TIMES_4 | half & 0x7f);
      case T_SUB_SP_IMM -> constant(plain(SUB, SP, SP), TIMES_4 | half & 0x7f);
      case T_PUSH -> ALWAYS | 0x09200000 | SP << 16 | (half >>> 8 & 1) << LR | immediate8;
      case T_POP -> ALWAYS | 0x08b00000 | SP << 16 | (half >>> 8 & 1) << PC | immediate8;
      case T_STMIA -> ALWAYS | 0x08a00000 | upper << 16 | immediate8;
      case T_LDMIA -> ALWAYS | 0x08b00000 | upper << 16 | immediate8;
      case T_B_COND -> (half >>> 8 & 15) << 28 | (byte) half & 0xffffff;
      case T_B -> ALWAYS | half << 21 >> 21 & 0xffffff;
      case T_BL_PREFIX, T_BL_SUFFIX, T_BLX_SUFFIX -> ALWAYS | half;
      default -> ALWAYS;
    };
  }

  private static int plain(int operation, int rd, int rn) {
    return ALWAYS | operation << 21 | rn << 16 | rd << 12;
  }

  private static int flags(int operation, int rd, int rn) {
    return plain(operation, rd, rn) | WordOperands.SETS_FLAGS;
  }

  private static int constant(int word, int constant) {
    return word | WordOperands.IMMEDIATE | constant;
  }

  private static int half(int kind, int rn, int rd, int offset) {
    return ALWAYS | kind | rn << 16 | rd << 12 | (offset & 0xf0) << 4 | offset & 15;
  }
}
