package org.curios.arm.decode;

/**
 * The ARM word that does the same as a Thumb instruction (ARM DDI 0100, A6.1, A7.1). Branches and
 * the halves of a call have no such word; theirs holds the fields:
 *
 * <ul>
 *   <li>a branch: its condition, and its distance in halfwords in bits 0 to 23;
 *   <li>a half of BL or BLX: the Thumb instruction itself.
 * </ul>
 */
public final class ThumbWords {
  /**
   * In place of the condition of a word: the PC that it reads is rounded down to a multiple of 4.
   */
  public static final int ROUNDED = 15;

  /** The word of an undefined instruction. */
  public static final int UNDEFINED = ROUNDED << 28;

  private static final int ALWAYS = 14 << 28;
  private static final int IMMEDIATE = 1 << 25;
  private static final int SETS_FLAGS = 1 << 20;
  private static final int SP = 13;
  private static final int LR = 14;
  private static final int PC = 15;

  /** Numbers of data processing operations, as in bits 21 to 24 of a word. */
  private static final int AND = 0;

  private static final int EOR = 1;
  private static final int SUB = 2;
  private static final int RSB = 3;
  private static final int ADD = 4;
  private static final int ADC = 5;
  private static final int SBC = 6;
  private static final int TST = 8;
  private static final int CMP = 10;
  private static final int CMN = 11;
  private static final int ORR = 12;
  private static final int MOV = 13;
  private static final int BIC = 14;
  private static final int MVN = 15;

  /** A rotation that makes a constant four times as large. */
  private static final int TIMES_4 = 15 << 8;

  private static final int[] WORDS = new int[1 << 16];

  static {
    for (int halfword = 0; halfword < WORDS.length; halfword++) {
      Encoding encoding = EncodingTable.thumb(halfword);
      WORDS[halfword] = encoding == null ? UNDEFINED : word(encoding, halfword);
    }
  }

  private ThumbWords() {}

  /**
   * Returns the word of a Thumb instruction: with a condition, which is "always" for all but
   * branches, or {@link #ROUNDED}; or {@link #UNDEFINED}.
   */
  public static int of(int halfword) {
    return WORDS[halfword];
  }

  /** Returns a word that is {@link #ROUNDED} with a condition in its place: "always". */
  public static int conditional(int word) {
    return word & 0x0fffffff | ALWAYS;
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
      case T_LSL -> byRegister(0, low, middle);
      case T_LSR -> byRegister(1, low, middle);
      case T_ASR -> byRegister(2, low, middle);
      case T_ROR -> byRegister(3, low, middle);
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
      case T_BX -> ALWAYS | 0x012fff10 | anyRm;
      case T_BLX_REG -> ALWAYS | 0x012fff30 | anyRm;
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
      case T_SWI -> ALWAYS | 0x0f000000 | immediate8;
      case T_BKPT -> half(0x01200070, 0, 0, immediate8);
      default -> throw new IllegalStateException("no word for " + encoding);
    };
  }

  private static int byRegister(int type, int rd, int rs) {
    return flags(MOV, rd, 0) | rs << 8 | type << 5 | 1 << 4 | rd;
  }

  private static int plain(int operation, int rd, int rn) {
    return ALWAYS | operation << 21 | rn << 16 | rd << 12;
  }

  private static int flags(int operation, int rd, int rn) {
    return plain(operation, rd, rn) | SETS_FLAGS;
  }

  private static int constant(int word, int constant) {
    return word | IMMEDIATE | constant;
  }

  private static int half(int kind, int rn, int rd, int offset) {
    return ALWAYS | kind | rn << 16 | rd << 12 | (offset & 0xf0) << 4 | offset & 15;
  }
}
