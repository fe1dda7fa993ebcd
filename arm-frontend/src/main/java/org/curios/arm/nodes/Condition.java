package org.curios.arm.nodes;

import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;

/** The sixteen conditions (ARM DDI 0100, A3.2). */
public final class Condition {
  public static final int ALWAYS = 14;

  private Condition() {}

  /** Returns whether a condition holds according to the flags. */
  public static boolean holds(Registers r, int condition) {
    return switch (condition) {
      case 0 -> r.z == 0;
      case 1 -> r.z != 0;
      case 2 -> r.isCarry();
      case 3 -> !r.isCarry();
      case 4 -> r.n < 0;
      case 5 -> r.n >= 0;
      case 6 -> r.overflow() < 0;
      case 7 -> r.overflow() >= 0;
      case 8 -> r.isCarry() && r.z != 0;
      case 9 -> !r.isCarry() || r.z == 0;
      case 10 -> (r.n ^ r.overflow()) >= 0;
      case 11 -> (r.n ^ r.overflow()) < 0;
      case 12 -> r.z != 0 && (r.n ^ r.overflow()) >= 0;
      case 13 -> r.z == 0 || (r.n ^ r.overflow()) < 0;
      default -> true;
    };
  }

  /**
   * Returns whether a condition holds, computed from the operands of the comparison that set the
   * flags.
   */
  static boolean holds(Operands operands, int condition) {
    int left = operands.left;
    int right = operands.right;
    return switch (condition) {
      case 0 -> left == right;
      case 1 -> left != right;
      case 2 -> Integer.compareUnsigned(left, right) >= 0;
      case 3 -> Integer.compareUnsigned(left, right) < 0;
      case 4 -> left - right < 0;
      case 5 -> left - right >= 0;
      case 8 -> Integer.compareUnsigned(left, right) > 0;
      case 9 -> Integer.compareUnsigned(left, right) <= 0;
      case 10 -> left >= right;
      case 11 -> left < right;
      case 12 -> left > right;
      case 13 -> left <= right;
      default -> throw new IllegalArgumentException("condition " + condition);
    };
  }

  /**
   * Returns whether {@link #holds(Operands, int)} supports a condition: all except those on V
   * alone.
   */
  static boolean comparable(int condition) {
    return condition != 6 && condition != 7 && condition < ALWAYS;
  }

  /** Returns the flags that a condition reads, as bits of a PSR. */
  static int flags(int condition) {
    return switch (condition >> 1) {
      case 0 -> Psr.Z;
      case 1 -> Psr.C;
      case 2 -> Psr.N;
      case 3 -> Psr.V;
      case 4 -> Psr.C | Psr.Z;
      case 5 -> Psr.N | Psr.V;
      case 6 -> Psr.N | Psr.V | Psr.Z;
      default -> 0;
    };
  }
}
