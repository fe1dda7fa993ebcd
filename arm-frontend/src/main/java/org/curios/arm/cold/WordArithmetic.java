package org.curios.arm.cold;

import static org.curios.arm.cold.WordOperands.BY_NODE;
import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.cold.WordOperands.SETS_FLAGS;

import org.curios.arm.core.Cpu;

/**
 * What {@link WordOperation} does for operands that are shifted by a register (ARM DDI 0100, A5.1),
 * and for products of 64 bits and of halfwords (A4.1).
 */
final class WordArithmetic {
  private WordArithmetic() {}

  /** Shifts by the low byte of a register. */
  static int shifted(int kind, int value, int amount) {
    return switch (kind) {
      case 0 -> amount >= 32 ? 0 : value << amount;
      case 1 -> amount >= 32 ? 0 : value >>> amount;
      case 2 -> value >> Math.min(amount, 31);
      default -> Integer.rotateRight(value, amount);
    };
  }

  /** Returns the carry-out of a shift by at least 1. */
  private static int carry(int kind, int value, int amount) {
    return switch (kind) {
      case 0 -> amount > 32 ? 0 : value >>> 32 - amount & 1;
      case 1 -> amount > 32 ? 0 : value >>> amount - 1 & 1;
      case 2 -> value >> Math.min(amount, 32) - 1 & 1;
      default -> value >>> (amount - 1 & 31) & 1;
    };
  }

  /** Data processing with an operand that is shifted by a register. */
  static int process(Cpu cpu, int word, int next) {
    int operation = word >>> 21 & 15;
    int rn = word >>> 16 & 15;
    int rd = word >>> 12 & 15;
    if (rn == PC || rd == PC || (word & 15) == PC || (word >>> 8 & 15) == PC) {
      return BY_NODE;
    }
    int kind = word >>> 5 & 3;
    int amount = cpu.number(word >>> 8 & 15) & 0xff;
    int value = cpu.number(word & 15);
    int left = cpu.number(rn);
    int right = shifted(kind, value, amount);
    boolean sets = (word & SETS_FLAGS) != 0;
    int carry = operation >= 5 && operation <= 7 ? cpu.carry() : 0;
    int result =
        switch (operation) {
          case 0, 8 -> left & right;
          case 1, 9 -> left ^ right;
          case 2, 10 -> left - right;
          case 3 -> right - left;
          case 4, 11 -> left + right;
          case 5 -> left + right + carry;
          case 6 -> left - right - 1 + carry;
          case 7 -> right - left - 1 + carry;
          case 12 -> left | right;
          case 13 -> right;
          case 14 -> left & ~right;
          default -> ~right;
        };
    if (sets) {
      switch (operation) {
        case 2, 10 -> WordOperands.setSubtraction(cpu, left, right);
        case 3 -> WordOperands.setSubtraction(cpu, right, left);
        case 4, 11 -> WordOperands.setAddition(cpu, left, right, 0);
        case 5 -> WordOperands.setAddition(cpu, left, right, carry);
        case 6 -> WordOperands.setAddition(cpu, left, ~right, carry);
        case 7 -> WordOperands.setAddition(cpu, right, ~left, carry);
        default -> {
          if (amount != 0) {
            cpu.setCarryOverflow(carry(kind, value, amount), cpu.overflow());
          }
          cpu.n = result;
          cpu.z = result;
        }
      }
    }
    if (operation >>> 2 != 2) {
      cpu.setNumber(rd, result);
    }
    return next;
  }

  /** UMULL, UMLAL, SMULL, SMLAL. */
  static int multiplyLong(Cpu cpu, int word, int next) {
    int high = word >>> 16 & 15;
    int low = word >>> 12 & 15;
    long left = cpu.number(word & 15);
    long right = cpu.number(word >>> 8 & 15);
    boolean signed = (word & 1 << 22) != 0;
    long result = signed ? left * right : (left & 0xffffffffL) * (right & 0xffffffffL);
    if ((word & 1 << 21) != 0) {
      result += (long) cpu.number(high) << 32 | cpu.number(low) & 0xffffffffL;
    }
    if ((word & SETS_FLAGS) != 0) {
      cpu.n = (int) (result >>> 32);
      cpu.z = (int) (result >>> 32) | (int) result;
    }
    cpu.setNumber(low, (int) result);
    cpu.setNumber(high, (int) (result >>> 32));
    return next;
  }

  /** SMLAxy, SMLAWy, SMULWy, SMLALxy, SMULxy. */
  static int multiplyHalves(Cpu cpu, int word, int next) {
    int rd = word >>> 16 & 15;
    int rn = word >>> 12 & 15;
    int m = cpu.number(word & 15);
    int s = (short) (cpu.number(word >>> 8 & 15) >> ((word & 1 << 6) != 0 ? 16 : 0));
    boolean high = (word & 1 << 5) != 0;
    int product = (short) (m >> (high ? 16 : 0)) * s;
    switch (word >>> 21 & 3) {
      case 0 -> cpu.setNumber(rd, addSettingQ(cpu, product, cpu.number(rn)));
      case 1 -> {
        int wide = (int) ((long) m * s >> 16);
        cpu.setNumber(rd, high ? wide : addSettingQ(cpu, wide, cpu.number(rn)));
      }
      case 2 -> {
        long sum = (long) cpu.number(rd) << 32 | cpu.number(rn) & 0xffffffffL;
        sum += product;
        cpu.setNumber(rn, (int) sum);
        cpu.setNumber(rd, (int) (sum >>> 32));
      }
      default -> cpu.setNumber(rd, product);
    }
    return next;
  }

  private static int addSettingQ(Cpu cpu, int left, int right) {
    int sum = left + right;
    cpu.q |= ((left ^ sum) & (right ^ sum)) >>> 31;
    return sum;
  }
}
