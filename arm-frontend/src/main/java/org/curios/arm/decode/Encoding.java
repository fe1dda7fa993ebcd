package org.curios.arm.decode;

import static org.curios.arm.decode.Architecture.V1;
import static org.curios.arm.decode.Architecture.V2;
import static org.curios.arm.decode.Architecture.V3;
import static org.curios.arm.decode.Architecture.V4;
import static org.curios.arm.decode.Architecture.V4T;
import static org.curios.arm.decode.Architecture.V5T;
import static org.curios.arm.decode.Architecture.V5TE;
import static org.curios.arm.decode.Architecture.V5TEJ;

/**
 * The one table of instruction encodings of ARMv5TE (ARM DDI 0100, A3 to A7): a line per encoding
 * with its name, its bits from the highest to the lowest, and the architecture version that
 * introduced it. 32 characters make an ARM encoding, 16 a Thumb encoding, whose name begins with
 * {@code T_}.
 *
 * <p>{@code 0} and {@code 1} are fixed bits; {@code z} and {@code o} should be zero and one, and
 * are ignored by the decoder as the ARM926EJ-S does; every other letter names a field: {@code c}
 * condition (never 1111), {@code S} sets flags, {@code d n m s} registers, {@code i} immediate,
 * {@code r} rotation, {@code h t} shift amount and type, {@code P U W} addressing, {@code R} SPSR
 * (or LR, PC in PUSH, POP), {@code f} fields of a PSR, {@code l} register list, {@code x y} halves,
 * {@code p u q N} coprocessor fields, {@code H} the halfword bit of BLX.
 */
public enum Encoding {
  AND_IMM("cccc0010000Snnnnddddrrrriiiiiiii", V1),
  EOR_IMM("cccc0010001Snnnnddddrrrriiiiiiii", V1),
  SUB_IMM("cccc0010010Snnnnddddrrrriiiiiiii", V1),
  RSB_IMM("cccc0010011Snnnnddddrrrriiiiiiii", V1),
  ADD_IMM("cccc0010100Snnnnddddrrrriiiiiiii", V1),
  ADC_IMM("cccc0010101Snnnnddddrrrriiiiiiii", V1),
  SBC_IMM("cccc0010110Snnnnddddrrrriiiiiiii", V1),
  RSC_IMM("cccc0010111Snnnnddddrrrriiiiiiii", V1),
  TST_IMM("cccc00110001nnnnzzzzrrrriiiiiiii", V1),
  TEQ_IMM("cccc00110011nnnnzzzzrrrriiiiiiii", V1),
  CMP_IMM("cccc00110101nnnnzzzzrrrriiiiiiii", V1),
  CMN_IMM("cccc00110111nnnnzzzzrrrriiiiiiii", V1),
  ORR_IMM("cccc0011100Snnnnddddrrrriiiiiiii", V1),
  MOV_IMM("cccc0011101Szzzzddddrrrriiiiiiii", V1),
  BIC_IMM("cccc0011110Snnnnddddrrrriiiiiiii", V1),
  MVN_IMM("cccc0011111Szzzzddddrrrriiiiiiii", V1),
  AND_REG("cccc0000000Snnnnddddhhhhhtt0mmmm", V1),
  EOR_REG("cccc0000001Snnnnddddhhhhhtt0mmmm", V1),
  SUB_REG("cccc0000010Snnnnddddhhhhhtt0mmmm", V1),
  RSB_REG("cccc0000011Snnnnddddhhhhhtt0mmmm", V1),
  ADD_REG("cccc0000100Snnnnddddhhhhhtt0mmmm", V1),
  ADC_REG("cccc0000101Snnnnddddhhhhhtt0mmmm", V1),
  SBC_REG("cccc0000110Snnnnddddhhhhhtt0mmmm", V1),
  RSC_REG("cccc0000111Snnnnddddhhhhhtt0mmmm", V1),
  TST_REG("cccc00010001nnnnzzzzhhhhhtt0mmmm", V1),
  TEQ_REG("cccc00010011nnnnzzzzhhhhhtt0mmmm", V1),
  CMP_REG("cccc00010101nnnnzzzzhhhhhtt0mmmm", V1),
  CMN_REG("cccc00010111nnnnzzzzhhhhhtt0mmmm", V1),
  ORR_REG("cccc0001100Snnnnddddhhhhhtt0mmmm", V1),
  MOV_REG("cccc0001101Szzzzddddhhhhhtt0mmmm", V1),
  BIC_REG("cccc0001110Snnnnddddhhhhhtt0mmmm", V1),
  MVN_REG("cccc0001111Szzzzddddhhhhhtt0mmmm", V1),
  AND_RSR("cccc0000000Snnnnddddssss0tt1mmmm", V1),
  EOR_RSR("cccc0000001Snnnnddddssss0tt1mmmm", V1),
  SUB_RSR("cccc0000010Snnnnddddssss0tt1mmmm", V1),
  RSB_RSR("cccc0000011Snnnnddddssss0tt1mmmm", V1),
  ADD_RSR("cccc0000100Snnnnddddssss0tt1mmmm", V1),
  ADC_RSR("cccc0000101Snnnnddddssss0tt1mmmm", V1),
  SBC_RSR("cccc0000110Snnnnddddssss0tt1mmmm", V1),
  RSC_RSR("cccc0000111Snnnnddddssss0tt1mmmm", V1),
  TST_RSR("cccc00010001nnnnzzzzssss0tt1mmmm", V1),
  TEQ_RSR("cccc00010011nnnnzzzzssss0tt1mmmm", V1),
  CMP_RSR("cccc00010101nnnnzzzzssss0tt1mmmm", V1),
  CMN_RSR("cccc00010111nnnnzzzzssss0tt1mmmm", V1),
  ORR_RSR("cccc0001100Snnnnddddssss0tt1mmmm", V1),
  MOV_RSR("cccc0001101Szzzzddddssss0tt1mmmm", V1),
  BIC_RSR("cccc0001110Snnnnddddssss0tt1mmmm", V1),
  MVN_RSR("cccc0001111Szzzzddddssss0tt1mmmm", V1),
  MUL("cccc0000000Sddddzzzzssss1001mmmm", V2),
  MLA("cccc0000001Sddddnnnnssss1001mmmm", V2),
  UMULL("cccc0000100Sddddnnnnssss1001mmmm", V4),
  UMLAL("cccc0000101Sddddnnnnssss1001mmmm", V4),
  SMULL("cccc0000110Sddddnnnnssss1001mmmm", V4),
  SMLAL("cccc0000111Sddddnnnnssss1001mmmm", V4),
  SMLAXY("cccc00010000ddddnnnnssss1yx0mmmm", V5TE),
  SMLAWY("cccc00010010ddddnnnnssss1y00mmmm", V5TE),
  SMULWY("cccc00010010ddddzzzzssss1y10mmmm", V5TE),
  SMLALXY("cccc00010100ddddnnnnssss1yx0mmmm", V5TE),
  SMULXY("cccc00010110ddddzzzzssss1yx0mmmm", V5TE),
  QADD("cccc00010000nnnnddddzzzz0101mmmm", V5TE),
  QSUB("cccc00010010nnnnddddzzzz0101mmmm", V5TE),
  QDADD("cccc00010100nnnnddddzzzz0101mmmm", V5TE),
  QDSUB("cccc00010110nnnnddddzzzz0101mmmm", V5TE),
  CLZ("cccc00010110ooooddddoooo0001mmmm", V5T),
  SWP("cccc00010000nnnnddddzzzz1001mmmm", V2),
  SWPB("cccc00010100nnnnddddzzzz1001mmmm", V2),
  MRS("cccc00010R00ooooddddzzzz0000zzzz", V3),
  MSR_REG("cccc00010R10ffffoooozzzz0000mmmm", V3),
  MSR_IMM("cccc00110R10ffffoooorrrriiiiiiii", V3),
  BX("cccc00010010oooooooooooo0001mmmm", V4T),

  /** With Jazelle off, as always here, the same as BX (ARM DDI 0100, A4.1.11). */
  BXJ("cccc00010010oooooooooooo0010mmmm", V5TEJ),
  BLX_REG("cccc00010010oooooooooooo0011mmmm", V5T),
  BKPT("111000010010iiiiiiiiiiii0111iiii", V5T),
  STRH_IMM("cccc000PU1W0nnnnddddiiii1011iiii", V4),
  STRH_REG("cccc000PU0W0nnnnddddzzzz1011mmmm", V4),
  LDRD_IMM("cccc000PU1W0nnnnddddiiii1101iiii", V5TE),
  LDRD_REG("cccc000PU0W0nnnnddddzzzz1101mmmm", V5TE),
  STRD_IMM("cccc000PU1W0nnnnddddiiii1111iiii", V5TE),
  STRD_REG("cccc000PU0W0nnnnddddzzzz1111mmmm", V5TE),
  LDRH_IMM("cccc000PU1W1nnnnddddiiii1011iiii", V4),
  LDRH_REG("cccc000PU0W1nnnnddddzzzz1011mmmm", V4),
  LDRSB_IMM("cccc000PU1W1nnnnddddiiii1101iiii", V4),
  LDRSB_REG("cccc000PU0W1nnnnddddzzzz1101mmmm", V4),
  LDRSH_IMM("cccc000PU1W1nnnnddddiiii1111iiii", V4),
  LDRSH_REG("cccc000PU0W1nnnnddddzzzz1111mmmm", V4),
  STR_IMM("cccc010PU0W0nnnnddddiiiiiiiiiiii", V1),
  STR_REG("cccc011PU0W0nnnnddddhhhhhtt0mmmm", V1),
  STRT_IMM("cccc0100U010nnnnddddiiiiiiiiiiii", V1),
  STRT_REG("cccc0110U010nnnnddddhhhhhtt0mmmm", V1),
  LDR_IMM("cccc010PU0W1nnnnddddiiiiiiiiiiii", V1),
  LDR_REG("cccc011PU0W1nnnnddddhhhhhtt0mmmm", V1),
  LDRT_IMM("cccc0100U011nnnnddddiiiiiiiiiiii", V1),
  LDRT_REG("cccc0110U011nnnnddddhhhhhtt0mmmm", V1),
  STRB_IMM("cccc010PU1W0nnnnddddiiiiiiiiiiii", V1),
  STRB_REG("cccc011PU1W0nnnnddddhhhhhtt0mmmm", V1),
  STRBT_IMM("cccc0100U110nnnnddddiiiiiiiiiiii", V1),
  STRBT_REG("cccc0110U110nnnnddddhhhhhtt0mmmm", V1),
  LDRB_IMM("cccc010PU1W1nnnnddddiiiiiiiiiiii", V1),
  LDRB_REG("cccc011PU1W1nnnnddddhhhhhtt0mmmm", V1),
  LDRBT_IMM("cccc0100U111nnnnddddiiiiiiiiiiii", V1),
  LDRBT_REG("cccc0110U111nnnnddddhhhhhtt0mmmm", V1),
  PLD_IMM("11110101U101nnnnooooiiiiiiiiiiii", V5TE),
  PLD_REG("11110111U101nnnnoooohhhhhtt0mmmm", V5TE),
  STM("cccc100PU0W0nnnnllllllllllllllll", V1),
  LDM("cccc100PU0W1nnnnllllllllllllllll", V1),
  STM_USER("cccc100PU1z0nnnnllllllllllllllll", V1),
  LDM_USER("cccc100PU1z1nnnn0lllllllllllllll", V1),
  LDM_EXCEPTION("cccc100PU1W1nnnn1lllllllllllllll", V1),
  B("cccc1010iiiiiiiiiiiiiiiiiiiiiiii", V1),
  BL("cccc1011iiiiiiiiiiiiiiiiiiiiiiii", V1),
  BLX_IMM("1111101Hiiiiiiiiiiiiiiiiiiiiiiii", V5T),
  SWI("cccc1111iiiiiiiiiiiiiiiiiiiiiiii", V1),
  CDP("cccc1110uuuunnnnddddppppqqq0mmmm", V2),
  MCR("cccc1110uuu0nnnnddddppppqqq1mmmm", V2),
  MRC("cccc1110uuu1nnnnddddppppqqq1mmmm", V2),
  STC("cccc110PUNW0nnnnddddppppiiiiiiii", V2),
  LDC("cccc110PUNW1nnnnddddppppiiiiiiii", V2),
  CDP2("11111110uuuunnnnddddppppqqq0mmmm", V5T),
  MCR2("11111110uuu0nnnnddddppppqqq1mmmm", V5T),
  MRC2("11111110uuu1nnnnddddppppqqq1mmmm", V5T),
  STC2("1111110PUNW0nnnnddddppppiiiiiiii", V5T),
  LDC2("1111110PUNW1nnnnddddppppiiiiiiii", V5T),
  MCRR("cccc11000100nnnnddddppppuuuummmm", V5TE),
  MRRC("cccc11000101nnnnddddppppuuuummmm", V5TE),
  T_LSL_IMM("00000iiiiimmmddd", V4T),
  T_LSR_IMM("00001iiiiimmmddd", V4T),
  T_ASR_IMM("00010iiiiimmmddd", V4T),
  T_ADD_REG("0001100mmmnnnddd", V4T),
  T_SUB_REG("0001101mmmnnnddd", V4T),
  T_ADD_IMM3("0001110iiinnnddd", V4T),
  T_SUB_IMM3("0001111iiinnnddd", V4T),
  T_MOV_IMM("00100dddiiiiiiii", V4T),
  T_CMP_IMM("00101dddiiiiiiii", V4T),
  T_ADD_IMM("00110dddiiiiiiii", V4T),
  T_SUB_IMM("00111dddiiiiiiii", V4T),
  T_AND("0100000000mmmddd", V4T),
  T_EOR("0100000001mmmddd", V4T),
  T_LSL("0100000010mmmddd", V4T),
  T_LSR("0100000011mmmddd", V4T),
  T_ASR("0100000100mmmddd", V4T),
  T_ADC("0100000101mmmddd", V4T),
  T_SBC("0100000110mmmddd", V4T),
  T_ROR("0100000111mmmddd", V4T),
  T_TST("0100001000mmmddd", V4T),
  T_NEG("0100001001mmmddd", V4T),
  T_CMP("0100001010mmmddd", V4T),
  T_CMN("0100001011mmmddd", V4T),
  T_ORR("0100001100mmmddd", V4T),
  T_MUL("0100001101mmmddd", V4T),
  T_BIC("0100001110mmmddd", V4T),
  T_MVN("0100001111mmmddd", V4T),
  T_ADD_HIGH("01000100dmmmmddd", V4T),
  T_CMP_HIGH("01000101dmmmmddd", V4T),
  T_MOV_HIGH("01000110dmmmmddd", V4T),
  T_BX("010001110mmmmzzz", V4T),
  T_BLX_REG("010001111mmmmzzz", V5T),
  T_LDR_PC("01001dddiiiiiiii", V4T),
  T_STR_REG("0101000mmmnnnddd", V4T),
  T_STRH_REG("0101001mmmnnnddd", V4T),
  T_STRB_REG("0101010mmmnnnddd", V4T),
  T_LDRSB_REG("0101011mmmnnnddd", V4T),
  T_LDR_REG("0101100mmmnnnddd", V4T),
  T_LDRH_REG("0101101mmmnnnddd", V4T),
  T_LDRB_REG("0101110mmmnnnddd", V4T),
  T_LDRSH_REG("0101111mmmnnnddd", V4T),
  T_STR_IMM("01100iiiiinnnddd", V4T),
  T_LDR_IMM("01101iiiiinnnddd", V4T),
  T_STRB_IMM("01110iiiiinnnddd", V4T),
  T_LDRB_IMM("01111iiiiinnnddd", V4T),
  T_STRH_IMM("10000iiiiinnnddd", V4T),
  T_LDRH_IMM("10001iiiiinnnddd", V4T),
  T_STR_SP("10010dddiiiiiiii", V4T),
  T_LDR_SP("10011dddiiiiiiii", V4T),
  T_ADD_PC("10100dddiiiiiiii", V4T),
  T_ADD_SP("10101dddiiiiiiii", V4T),
  T_ADD_SP_IMM("101100000iiiiiii", V4T),
  T_SUB_SP_IMM("101100001iiiiiii", V4T),
  T_PUSH("1011010Rllllllll", V4T),
  T_POP("1011110Rllllllll", V4T),
  T_BKPT("10111110iiiiiiii", V5T),
  T_STMIA("11000nnnllllllll", V4T),
  T_LDMIA("11001nnnllllllll", V4T),
  T_B_COND("1101cccciiiiiiii", V4T),
  T_SWI("11011111iiiiiiii", V4T),
  T_B("11100iiiiiiiiiii", V4T),
  T_BLX_SUFFIX("11101iiiiiiiiii0", V5T),
  T_BL_PREFIX("11110iiiiiiiiiii", V4T),
  T_BL_SUFFIX("11111iiiiiiiiiii", V4T);

  private final String pattern;
  private final Architecture since;
  private final int mask;
  private final int value;

  Encoding(String pattern, Architecture since) {
    this.pattern = pattern;
    this.since = since;
    int fixed = 0;
    int bits = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char letter = pattern.charAt(i);
      int bit = 1 << (pattern.length() - 1 - i);
      if (letter == '0' || letter == '1') {
        fixed |= bit;
        bits |= letter == '1' ? bit : 0;
      }
    }
    mask = fixed;
    value = bits;
  }

  /**
   * Returns the bits from the highest to the lowest: fixed ones, ignored ones and letters of
   * fields.
   */
  public String pattern() {
    return pattern;
  }

  /** Returns the architecture version that introduced the encoding. */
  public Architecture since() {
    return since;
  }

  /** Returns whether this is a 16-bit Thumb encoding. */
  public boolean isThumb() {
    return pattern.length() == 16;
  }

  /** Returns the bits that must match. */
  public int mask() {
    return mask;
  }

  /** Returns the values of the bits that must match. */
  public int value() {
    return value;
  }

  /** Returns whether the instruction has a condition field. */
  public boolean isConditional() {
    return pattern.charAt(0) == 'c';
  }

  /** Returns the bits of a field as a mask; 0 if the encoding has no such field. */
  public int fieldMask(char letter) {
    int bits = 0;
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == letter) {
        bits |= 1 << (pattern.length() - 1 - i);
      }
    }
    return bits;
  }

  /** Returns the value of a field of an instruction; bits that are not adjacent are joined. */
  public int field(int instruction, char letter) {
    return Integer.compress(instruction, fieldMask(letter));
  }

  /** Returns whether an instruction has this encoding, as far as its fixed bits say. */
  boolean matches(int instruction) {
    return (instruction & mask) == value
        && !(isConditional() && instruction >>> 28 == 15)
        && !(this == T_B_COND && (instruction >>> 8 & 15) >= 14);
  }
}
