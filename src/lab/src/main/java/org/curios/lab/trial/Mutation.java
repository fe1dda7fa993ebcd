package org.curios.lab.trial;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Mistakes in an instruction, after the classic faults of software implemented fault injection (Ng
 * and Chen, FTCS 1999). Encodings by ARM DDI 0100, A3.
 */
public enum Mutation {
  /** It becomes a no-operation. */
  SKIP {
    @Override
    int apply(int word) {
      return word == NOP ? word : NOP;
    }
  },
  /** It takes another register as its operand. */
  SOURCE {
    @Override
    int apply(int word) {
      boolean reads = isData(word) && !isMove(word) || isTransfer(word);
      return reads ? word ^ 1 << 16 : word;
    }
  },
  /** It writes another register. */
  DESTINATION {
    @Override
    int apply(int word) {
      boolean writes = isData(word) && !isCompare(word) || isTransfer(word) && (word & LOAD) != 0;
      return writes ? word ^ 1 << 12 : word;
    }
  },
  /** It accesses the word next to the right one. */
  POINTER {
    @Override
    int apply(int word) {
      return isTransfer(word) && (word & REGISTER_OFFSET) == 0 ? word ^ 4 : word;
    }
  },
  /** Its condition is inverted. */
  BRANCH {
    @Override
    int apply(int word) {
      return isBranch(word) && word >>> 28 != ALWAYS ? word ^ 1 << 28 : word;
    }
  },
  /** A limit is too small or too large by one. */
  BOUND {
    @Override
    int apply(int word) {
      return isData(word) && isCompare(word) && (word & IMMEDIATE) != 0 ? word ^ 1 : word;
    }
  };

  private static final int NOP = 0xe1a00000;
  private static final int ALWAYS = 0xe;
  private static final int IMMEDIATE = 1 << 25;
  private static final int REGISTER_OFFSET = 1 << 25;
  private static final int LOAD = 1 << 20;

  /**
   * Returns the instruction word that this mistake turns another one into; the same word if it does
   * not apply.
   */
  abstract int apply(int word);

  /** Returns whether an instruction can have this mistake. */
  public boolean suits(int word) {
    return word >>> 28 <= ALWAYS && apply(word) != word;
  }

  /** Returns the word for it in identifiers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns all words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Mutation::word).toList();
  }

  /** Returns the mistake with a word, or null. */
  static Mutation of(String word) {
    int index = words().indexOf(word);
    return index < 0 ? null : values()[index];
  }

  /** Data processing, except for multiplications and transfers of halfwords, and of the PSRs. */
  private static boolean isData(int word) {
    boolean immediate = (word & IMMEDIATE) != 0;
    boolean miscellaneous = (word & 0x0190_0000) == 0x0100_0000;
    boolean extension = !immediate && (word & 0x90) == 0x90;
    return (word & 0x0c00_0000) == 0 && !miscellaneous && !extension;
  }

  private static boolean isCompare(int word) {
    return (word & 0x0180_0000) == 0x0100_0000;
  }

  private static boolean isMove(int word) {
    return (word & 0x01a0_0000) == 0x01a0_0000;
  }

  /** Load or store of a word or byte. */
  private static boolean isTransfer(int word) {
    return (word & 0x0c00_0000) == 0x0400_0000;
  }

  private static boolean isBranch(int word) {
    return (word & 0x0e00_0000) == 0x0a00_0000;
  }
}
