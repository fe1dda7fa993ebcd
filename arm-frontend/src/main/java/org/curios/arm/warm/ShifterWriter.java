package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.IMMEDIATE;

/** Writes second operands of data processing, and shifted indexes (ARM DDI 0100, A5.1, A5.2). */
final class ShifterWriter {
  private final Emitter e;
  private final Assembler b;
  private final int word;
  private final int next;

  ShifterWriter(Emitter emitter, int word, int next) {
    this.e = emitter;
    this.b = emitter.b;
    this.word = word;
    this.next = next;
  }

  private static boolean isConstant(int word) {
    return (word & IMMEDIATE) != 0;
  }

  private static int rotation(int word) {
    return word >>> 7 & 30;
  }

  private static int amount(int word) {
    return word >>> 7 & 31;
  }

  private static int kind(int word) {
    return word >>> 5 & 3;
  }

  /** Pushes the operand. */
  void value() {
    if (isConstant(word)) {
      b.loadConstant(Integer.rotateRight(word & 0xff, rotation(word)));
      return;
    }
    int amount = amount(word);
    int kind = kind(word);
    if (kind == 1 && amount == 0) {
      b.iconst_0(); // LSR by 32
      return;
    }
    e.register(word & 15, next);
    if (kind == 3) {
      b.dup().loadConstant(amount).iushr().swap().loadConstant(32 - amount).ishl().ior();
    } else if (kind == 2) {
      b.loadConstant(amount == 0 ? 31 : amount).ishr();
    } else if (amount != 0) {
      b.loadConstant(amount);
      if (kind == 0) {
        b.ishl();
      } else {
        b.iushr();
      }
    }
  }

  /** Returns whether the operand of a word has a carry-out that is not the C flag. */
  static boolean setsCarry(int word) {
    return isConstant(word) ? rotation(word) != 0 : (word & 0xff0) != 0;
  }

  boolean setsCarry() {
    return setsCarry(word);
  }

  /** Pushes the carry-out, 0 or 1, where {@link #setsCarry()} says so. */
  void carry() {
    if (isConstant(word)) {
      b.loadConstant((word & 0xff) >>> rotation(word) - 1 & 1);
      return;
    }
    int amount = amount(word);
    int bit = kind(word) == 0 ? 32 - amount : amount - 1 & 31;
    e.register(word & 15, next);
    if (bit != 0) {
      b.loadConstant(bit).iushr();
    }
    b.iconst_1().iand();
  }
}
