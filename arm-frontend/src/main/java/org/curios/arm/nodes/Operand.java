package org.curios.arm.nodes;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.curios.arm.core.Registers;

/**
 * The second operand of data processing and the offset of loads and stores (ARM DDI 0100, A5.1,
 * A5.2).
 */
public final class Operand {
  static final int IMMEDIATE = 0;
  static final int LSL = 1;
  static final int LSR = 2;
  static final int ASR = 3;
  static final int ROR = 4;
  static final int RRX = 5;
  static final int BY_REGISTER = 6;

  private final int kind;
  private final int value;
  private final int carry;
  private final int register;
  private final short offset;
  private final int amount;
  private final int type;
  private final short amountOffset;

  /**
   * All instances: there are few different ones, and sharing them saves cache misses of cold code.
   */
  private static final Map<Operand, Operand> ALL = new ConcurrentHashMap<>();

  private static Operand of(
      int kind, int value, int carry, int register, int amount, int type, int amountRegister) {
    Operand made = new Operand(kind, value, carry, register, amount, type, amountRegister);
    Operand known = ALL.putIfAbsent(made, made);
    return known == null ? made : known;
  }

  private Operand(
      int kind, int value, int carry, int register, int amount, int type, int amountRegister) {
    this.kind = kind;
    this.value = value;
    this.carry = carry;
    this.register = register;
    this.offset = InstructionNode.offset(register);
    this.amount = amount;
    this.type = type;
    this.amountOffset = InstructionNode.offset(amountRegister);
  }

  /** A constant computed from the address of the instruction. */
  static Operand place(int value) {
    return new Operand(IMMEDIATE, value, -1, 0, 0, 0, 0);
  }

  /** An immediate without a carry-out. */
  public static Operand immediate(int value) {
    return of(IMMEDIATE, value, -1, 0, 0, 0, 0);
  }

  /**
   * An 8-bit immediate rotated right by twice {@code rotation}; a rotation other than 0 sets the
   * carry.
   */
  public static Operand rotated(int immediate, int rotation) {
    int value = Integer.rotateRight(immediate, 2 * rotation);
    return of(IMMEDIATE, value, rotation == 0 ? -1 : value >>> 31, 0, 0, 0, 0);
  }

  /** A register as it is. */
  public static Operand register(int register) {
    return shifted(register, 0, 0);
  }

  /**
   * A register shifted by an immediate as encoded: LSR and ASR by 0 mean 32, ROR by 0 means RRX.
   *
   * @param type 0 LSL, 1 LSR, 2 ASR, 3 ROR
   */
  public static Operand shifted(int register, int type, int amount) {
    if (type == 3 && amount == 0) {
      return of(RRX, 0, 0, register, 1, 0, 0);
    }
    int distance = amount == 0 && type != 0 ? 32 : amount;
    return of(LSL + type, 0, 0, register, distance, 0, 0);
  }

  /** A register shifted by the low byte of another. */
  public static Operand shiftedByRegister(int register, int type, int amountRegister) {
    return of(BY_REGISTER, 0, 0, register, 0, type, amountRegister);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Operand o
        && kind == o.kind
        && value == o.value
        && carry == o.carry
        && register == o.register
        && amount == o.amount
        && type == o.type
        && amountOffset == o.amountOffset;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, value, carry, register, amount, type, amountOffset);
  }

  boolean isConstant() {
    return kind == IMMEDIATE;
  }

  int constant() {
    return value;
  }

  boolean isShiftedByRegister() {
    return kind == BY_REGISTER;
  }

  /** Returns whether the shifter produces a carry-out; otherwise the C flag is unchanged. */
  boolean setsCarry() {
    return kind == IMMEDIATE ? carry >= 0 : kind != LSL || amount != 0;
  }

  boolean readsCarry() {
    return kind == RRX || kind == BY_REGISTER;
  }

  private int base(Registers r, int pcOperand) {
    return register == 15 ? pcOperand : r.get(offset);
  }

  int amount(Registers r) {
    return r.get(amountOffset) & 0xff;
  }

  /**
   * Returns the operand's value.
   *
   * @param pcOperand value of R15 as an operand
   */
  int value(Registers r, int pcOperand) {
    if (kind == IMMEDIATE) {
      return value;
    }
    int base = base(r, pcOperand);
    return switch (kind) {
      case LSL -> base << amount;
      case LSR -> amount == 32 ? 0 : base >>> amount;
      case ASR -> base >> Math.min(amount, 31);
      case ROR -> Integer.rotateRight(base, amount);
      case RRX -> r.carry() << 31 | base >>> 1;
      default -> byRegister(base, amount(r));
    };
  }

  private int byRegister(int base, int distance) {
    return switch (type) {
      case 0 -> distance >= 32 ? 0 : base << distance;
      case 1 -> distance >= 32 ? 0 : base >>> distance;
      case 2 -> base >> Math.min(distance, 31);
      default -> Integer.rotateRight(base, distance);
    };
  }

  /** Returns the shifter's carry-out; to be asked before anything is written. */
  int carry(Registers r, int pcOperand) {
    if (kind == IMMEDIATE) {
      return carry < 0 ? r.carry() : carry;
    }
    int base = base(r, pcOperand);
    return switch (kind) {
      case LSL -> amount == 0 ? r.carry() : base >>> 32 - amount & 1;
      case LSR -> base >>> amount - 1 & 1;
      case ASR -> base >> Math.min(amount, 32) - 1 & 1;
      case ROR -> base >>> amount - 1 & 1;
      case RRX -> base & 1;
      default -> carryByRegister(r.carry(), base, amount(r));
    };
  }

  private int carryByRegister(int old, int base, int distance) {
    if (distance == 0) {
      return old;
    }
    return switch (type) {
      case 0 -> distance > 32 ? 0 : base >>> 32 - distance & 1;
      case 1 -> distance > 32 ? 0 : base >>> distance - 1 & 1;
      case 2 -> base >> Math.min(distance, 32) - 1 & 1;
      default -> base >>> (distance - 1 & 31) & 1;
    };
  }
}
