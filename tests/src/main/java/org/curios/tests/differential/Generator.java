package org.curios.tests.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.curios.arm.decode.Encoding;

/**
 * Makes random instructions from the table of encodings, none of them UNPREDICTABLE. Registers have
 * roles: R0 to R7 hold anything, R8 a small offset, R9 an address in memory that faults, R10 to R12
 * addresses in the scratch memory; R13 and R14 stay out of it.
 */
final class Generator {
  private static final int OFFSET = 8;
  private static final int FAULTING = 9;
  private static final int FIRST_SCRATCH = 10;

  /**
   * Encodings that move the PC, change the mode, or need more than one instruction: other tests
   * have them.
   */
  private static boolean isSequential(Encoding e) {
    return switch (e) {
      case MRS -> false; // QEMU 7.2 shows the A bit of ARMv6 in the CPSR
      case B,
          BL,
          BLX_IMM,
          BLX_REG,
          BX,
          BXJ,
          LDM_EXCEPTION,
          LDM_USER,
          STM_USER,
          MSR_IMM,
          MSR_REG,
          MRC,
          MCR ->
          false;
      case T_B, T_B_COND, T_BL_PREFIX, T_BL_SUFFIX, T_BLX_SUFFIX, T_BX, T_BLX_REG -> false;
      case T_LDR_PC,
          T_ADD_PC,
          T_STR_SP,
          T_LDR_SP,
          T_PUSH,
          T_POP,
          T_ADD_SP,
          T_ADD_SP_IMM,
          T_SUB_SP_IMM ->
          false;
      default -> true;
    };
  }

  private static final List<Encoding> ARM =
      Stream.of(Encoding.values()).filter(e -> !e.isThumb() && isSequential(e)).toList();
  private static final List<Encoding> THUMB =
      Stream.of(Encoding.values()).filter(e -> e.isThumb() && isSequential(e)).toList();

  private final Random random;

  Generator(long seed) {
    random = new Random(seed);
  }

  Random random() {
    return random;
  }

  /** Returns a sequence of instructions of one instruction set. */
  List<Integer> sequence(boolean thumb, int length) {
    List<Integer> words = new ArrayList<>();
    while (words.size() < length) {
      List<Encoding> from = thumb ? THUMB : ARM;
      Encoding e = from.get(random.nextInt(from.size()));
      words.add(thumb ? thumb(e) : arm(e));
    }
    return words;
  }

  private int any() {
    return random.nextInt(8);
  }

  private int base() {
    return random.nextInt(12) == 0 ? FAULTING : FIRST_SCRATCH + random.nextInt(3);
  }

  private int fill(Encoding e) {
    int word = e.value();
    int free = ~e.mask() & (e.isThumb() ? 0xffff : -1);
    word |= random.nextInt() & free;
    word &= ~e.fieldMask('z');
    word |= e.fieldMask('o');
    if (e.isConditional()) {
      int condition = random.nextInt(3) == 0 ? random.nextInt(14) : 14;
      word = set(e, word, 'c', condition);
    }
    return word;
  }

  private static int set(Encoding e, int word, char field, int value) {
    int mask = e.fieldMask(field);
    return word & ~mask | Integer.expand(value, mask);
  }

  /**
   * Returns an instruction of an ARM encoding; the cases are the constraints of its page in ARM DDI
   * 0100, A4.1.
   */
  private int arm(Encoding e) {
    int word = fill(e);
    String name = e.name();
    for (char field : new char[] {'d', 'n', 'm', 's'}) {
      if (e.fieldMask(field) != 0) {
        word = set(e, word, field, any());
      }
    }
    switch (e) {
      case MUL, MLA -> word = distinct(e, word, 'd', 'm');
      case UMULL, UMLAL, SMULL, SMLAL -> {
        word = distinct(e, word, 'd', 'n');
        word = distinct(e, word, 'd', 'm');
        while (e.field(word, 'n') == e.field(word, 'm')
            || e.field(word, 'n') == e.field(word, 'd')) {
          word = set(e, word, 'n', any());
        }
      }
      case SMLALXY -> word = distinct(e, word, 'd', 'n');
      case SWP, SWPB -> {
        word = set(e, word, 'n', base());
      }
      case LDM, STM -> word = multiple(e, word);
      case LDRD_IMM, LDRD_REG, STRD_IMM, STRD_REG -> {
        word = memory(e, word);
        word = set(e, word, 'd', random.nextInt(4) * 2);
        word = set(e, word, 'i', random.nextInt(32) * 8);
      }
      case SWI -> word = set(e, word, 'i', random.nextInt(0x10000));
      case PLD_IMM, PLD_REG -> word = set(e, word, 'n', base());
      case CDP, CDP2, LDC, LDC2, STC, STC2, MCRR, MRRC, MCR2, MRC2 ->
          word = set(e, word, 'p', random.nextInt(10));
      default -> {
        if (name.startsWith("LDR") || name.startsWith("STR")) {
          word = memory(e, word);
        }
      }
    }
    return word;
  }

  private int distinct(Encoding e, int word, char one, char other) {
    int result = word;
    while (e.field(result, one) == e.field(result, other)) {
      result = set(e, result, one, any());
    }
    return result;
  }

  /**
   * Loads and stores: an aligned address near a base in the scratch memory, with or without
   * write-back.
   */
  private int memory(Encoding e, int input) {
    int word = set(e, input, 'n', base());
    String name = e.name();
    int size = name.contains("B") ? 1 : name.contains("H") ? 2 : 4;
    if (e.fieldMask('P') != 0 && e.field(word, 'P') == 0 && e.fieldMask('W') != 0) {
      word = set(e, word, 'W', 0);
    }
    if (name.endsWith("_REG")) {
      word = set(e, word, 'm', OFFSET);
      if (e.fieldMask('h') != 0) {
        word = set(e, word, 't', 0);
        word = set(e, word, 'h', random.nextInt(3));
      }
    } else {
      int bits = Integer.bitCount(e.fieldMask('i'));
      boolean movesBase =
          e.fieldMask('P') == 0 || e.field(word, 'P') == 0 || e.field(word, 'W') == 1;
      word = set(e, word, 'i', random.nextInt(1 << bits) & (movesBase ? -8 : -size));
    }
    return word;
  }

  /** LDM and STM: some of R0 to R7, the base outside the list. */
  private int multiple(Encoding e, int input) {
    int word = set(e, input, 'l', 1 + random.nextInt(255));
    return set(e, word, 'n', base());
  }

  /**
   * Returns an instruction of a Thumb encoding: loads and stores get their base from R4 to R6,
   * which hold addresses.
   */
  private int thumb(Encoding e) {
    int word = fill(e);
    String name = e.name();
    switch (e) {
      case T_ADD_HIGH, T_CMP_HIGH, T_MOV_HIGH -> {
        word = set(e, word, 'd', any());
        word = set(e, word, 'm', 8 + random.nextInt(5));
      }
      case T_STMIA, T_LDMIA -> {
        word = set(e, word, 'n', thumbBase());
        word = set(e, word, 'l', 1 + random.nextInt(15));
      }
      case T_SWI -> word = set(e, word, 'i', random.nextInt(0xab));
      default -> {
        if (name.contains("LDR") || name.contains("STR")) {
          word = set(e, word, 'n', thumbBase());
          word = set(e, word, 'd', random.nextInt(4));
          if (e.fieldMask('m') != 0) {
            word = set(e, word, 'm', 7);
          }
          return word;
        }
      }
    }
    return keepThumbBases(e, word);
  }

  private int thumbBase() {
    return 4 + random.nextInt(3);
  }

  /** Keeps R4 to R7 as they are, so that bases and the offset stay good. */
  private int keepThumbBases(Encoding e, int word) {
    if (e.fieldMask('d') == 0) {
      return word;
    }
    return set(e, word, 'd', random.nextInt(4));
  }
}
