package org.curios.arm.warm;

import org.curios.arm.warm.Assembler.Label;

/** Writes jumps that are taken where a condition does not hold (ARM DDI 0100, A3.2). */
final class ConditionWriter {
  private final Emitter e;
  private final Assembler b;

  ConditionWriter(Emitter emitter) {
    this.e = emitter;
    this.b = emitter.b;
  }

  /**
   * Jumps unless a condition holds.
   *
   * @param compared whether the flags are those of a subtraction whose operands are in locals
   */
  void unless(int condition, boolean compared, Label to) {
    if (compared && condition != 6 && condition != 7) {
      unlessCompared(condition, to);
    } else {
      unlessFlags(condition, to);
    }
  }

  private void unlessCompared(int condition, Label to) {
    boolean unsigned = condition == 2 || condition == 3 || condition == 8 || condition == 9;
    push(Emitter.LEFT, unsigned);
    push(Emitter.RIGHT, unsigned);
    switch (condition) {
      case 0 -> b.if_icmpne(to);
      case 1 -> b.if_icmpeq(to);
      case 2, 10 -> b.if_icmplt(to);
      case 3, 11 -> b.if_icmpge(to);
      case 4 -> b.isub().ifge(to);
      case 5 -> b.isub().iflt(to);
      case 8, 12 -> b.if_icmple(to);
      default -> b.if_icmpgt(to);
    }
  }

  private void push(int local, boolean unsigned) {
    b.iload(local);
    if (unsigned) {
      b.loadConstant(Integer.MIN_VALUE).ixor();
    }
  }

  private void unlessFlags(int condition, Label to) {
    switch (condition) {
      case 0 -> flag("z").ifne(to);
      case 1 -> flag("z").ifeq(to);
      case 2 -> compare().if_icmplt(to);
      case 3 -> compare().if_icmpge(to);
      case 4 -> flag("n").ifge(to);
      case 5 -> flag("n").iflt(to);
      case 6 -> overflow().ifge(to);
      case 7 -> overflow().iflt(to);
      case 8 -> {
        flag("z").ifeq(to);
        compare().if_icmplt(to);
      }
      case 9 -> {
        Label holds = b.newLabel();
        flag("z").ifeq(holds);
        compare().if_icmpge(to);
        b.labelBinding(holds);
      }
      case 10 -> less().iflt(to);
      case 11 -> less().ifge(to);
      case 12 -> {
        flag("z").ifeq(to);
        less().iflt(to);
      }
      default -> {
        Label holds = b.newLabel();
        flag("z").ifeq(holds);
        less().ifge(to);
        b.labelBinding(holds);
      }
    }
  }

  private Assembler flag(String field) {
    e.cpu();
    e.get(field);
    return b;
  }

  /** Pushes two values, of which the first is less if C is clear. */
  private Assembler compare() {
    flag("left").loadConstant(Integer.MIN_VALUE).ixor();
    return flag("right").loadConstant(Integer.MIN_VALUE).ixor();
  }

  private Assembler overflow() {
    e.cpu();
    e.call("overflow", "I");
    return b;
  }

  /** Pushes a value that is negative if N and V differ. */
  private Assembler less() {
    flag("n");
    overflow();
    return b.ixor();
  }
}
