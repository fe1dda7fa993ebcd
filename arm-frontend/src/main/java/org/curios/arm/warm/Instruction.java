package org.curios.arm.warm;

import org.curios.arm.bus.Bus;
import org.curios.arm.cold.HalfwordDecoder;
import org.curios.arm.cold.WordDecoder;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.decode.ThumbWords;
import org.curios.arm.nodes.Condition;

/**
 * A decoded instruction at its place in a granule.
 *
 * @param place its offset in the granule, with the T bit
 * @param operation what it does; {@link WordOperation#NODE} for what its node does
 * @param word the word that the operation takes
 * @param condition its condition
 * @param next what the operation takes as the address of the next instruction, from the granule
 * @param plain whether the block always continues after it
 * @param literal the place of the word that it loads if that is in the granule for certain;
 *     otherwise -1
 */
record Instruction(
    int place,
    WordOperation operation,
    int word,
    int condition,
    int next,
    boolean plain,
    int literal) {

  /** Bits of the base register of an access, all set for R15. */
  private static final int PC_BASE = 15 << 16;

  /** Decodes the instruction at a place. */
  static Instruction at(byte[] granule, int place) {
    return (place & 1) != 0 ? thumb(granule, place) : arm(granule, place);
  }

  private static Instruction arm(byte[] granule, int place) {
    int word = word(granule, place);
    WordOperation operation = WordDecoder.operation(word);
    int condition = word >>> 28;
    if (condition > Condition.ALWAYS || WordOperands.rotatesThroughCarry(word)) {
      operation = WordOperation.NODE;
    }
    boolean plain = operation == WordOperation.NODE && isPlain(EncodingTable.arm(word), word);
    if (operation == WordOperation.NODE) {
      condition = Condition.ALWAYS; // its node knows
    }
    int literal = literal(operation, word, place + 4);
    return new Instruction(place, operation, word, condition, place + 4, plain, literal);
  }

  private static Instruction thumb(byte[] granule, int place) {
    int at = place & ~1;
    int half = half(granule, at);
    int word = HalfwordDecoder.word(half);
    WordOperation operation = HalfwordDecoder.operation(half);
    int condition = word >>> 28;
    int own = at;
    if (word == ThumbWords.UNDEFINED) {
      operation = WordOperation.NODE;
      condition = Condition.ALWAYS;
    } else if (condition == ThumbWords.ROUNDED) {
      own &= ~3;
      condition = Condition.ALWAYS;
    }
    boolean plain = operation == WordOperation.NODE && isPlain(EncodingTable.thumb(half), 0);
    return new Instruction(
        place, operation, word, condition, own, plain, literal(operation, word, own));
  }

  private static int literal(WordOperation operation, int word, int next) {
    int kind = WordOperands.PRE | WordOperands.WRITES_BACK | WordOperands.IMMEDIATE | PC_BASE;
    if (operation != WordOperation.LDR
        || (word & kind) != (WordOperands.PRE | PC_BASE)
        || (word >>> 12 & 15) == WordOperands.PC) {
      return -1;
    }
    int distance = word & 0xfff;
    int at = next + 4 + ((word & WordOperands.UP) != 0 ? distance : -distance);
    return at >= 0 && at < Bus.GRANULE && (at & 3) == 0 ? at : -1;
  }

  /** Returns the word at a place. */
  static int word(byte[] granule, int place) {
    return half(granule, place) | half(granule, place + 2) << 16;
  }

  private static int half(byte[] granule, int at) {
    return granule[at] & 0xff | (granule[at + 1] & 0xff) << 8;
  }

  /** Returns whether a node changes only registers other than R15, flags and memory. */
  private static boolean isPlain(Encoding encoding, int word) {
    if (encoding == null) {
      return false;
    }
    boolean writesPc =
        (word >>> 12 & 15) == WordOperands.PC || (word >>> 16 & 15) == WordOperands.PC;
    return switch (encoding) {
      case PLD_IMM, PLD_REG -> true;
      case MRC -> (word >>> 12 & 15) != WordOperands.PC;
      case LDRD_IMM, LDRD_REG, STRD_IMM, STRD_REG -> true;
      case LDR_IMM, LDR_REG, LDRB_IMM, LDRB_REG, STR_IMM, STR_REG, STRB_IMM, STRB_REG -> !writesPc;
      default -> encoding.compareTo(Encoding.SWPB) <= 0 && !writesPc;
    };
  }

  /** Returns the instruction as one that loads by its address. */
  Instruction withoutLiteral() {
    return literal < 0 ? this : new Instruction(place, operation, word, condition, next, plain, -1);
  }

  /** Returns whether it may load or store by the fast path. */
  boolean mayAccess() {
    return switch (operation) {
      case LDR, LDRB, LDRH, LDRSB, LDRSH, LDM, STR, STRB, STRH, STM, NODE -> literal < 0;
      default -> false;
    };
  }

  boolean isNode() {
    return operation == WordOperation.NODE;
  }

  /** Returns whether it ends its block. */
  boolean endsBlock() {
    return isNode() ? !plain : operation.endsBlock(word);
  }

  /** Returns whether the next instruction may follow it. */
  boolean mayContinue() {
    return condition != Condition.ALWAYS || !endsBlock();
  }

  /** Returns the bytes of the instruction. */
  int size() {
    return (place & 1) != 0 ? 2 : 4;
  }

  /** Returns the place after it, with the T bit; the size of the granule if it is the last. */
  int after() {
    return place + size();
  }

  /** Returns whether the place after it is in the granule. */
  boolean isFollowed() {
    return (after() & ~1) < Bus.GRANULE;
  }
}
