package org.curios.arm.cold;

import java.util.Arrays;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.decode.ThumbWords;

/**
 * Determines the operation of a Thumb instruction: the equivalent ARM instruction (ARM DDI 0100,
 * A6.1, A7.1), or one of the operations that only Thumb has.
 */
public final class HalfwordDecoder {
  /** Bits of a halfword that do not determine its operation. */
  private static final int OPERANDS = 6;

  private static final WordOperation[] OPERATIONS = new WordOperation[1 << 16 - OPERANDS];

  static {
    Arrays.fill(OPERATIONS, WordOperation.NODE);
    for (int halfword = 0; halfword < 1 << 16; halfword++) {
      Encoding encoding = EncodingTable.thumb(halfword);
      if (encoding != null) {
        OPERATIONS[halfword >>> OPERANDS] = of(encoding, ThumbWords.of(halfword));
      }
    }
  }

  private HalfwordDecoder() {}

  /** Returns the operation of a Thumb instruction. */
  public static WordOperation operation(int halfword) {
    return OPERATIONS[halfword >>> OPERANDS];
  }

  /** Returns the word that the operation takes, see {@link ThumbWords#of}. */
  public static int word(int halfword) {
    return ThumbWords.of(halfword);
  }

  /** Returns whether a Thumb instruction is the first half of BL or BLX. */
  public static boolean isPrefix(int halfword) {
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
      case T_SWI, T_BKPT -> WordOperation.NODE;
      default -> WordDecoder.operation(word);
    };
  }
}
