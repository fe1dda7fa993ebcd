package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.IMMEDIATE;
import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.warm.Amd64.*;

import org.curios.arm.cold.WordOperation;

/**
 * The context in which an instruction is written as machine code, its operands and its condition.
 * RAX, RCX and RDX are free between instructions.
 */
abstract class HostInstructionWriter extends InstructionContext {
  final Amd64 a;
  final HostWriter code;

  /** Where the instruction after the current one is. */
  Label next;

  /** Whether the host's flags, while they are kept, are of that subtraction; or N and Z only. */
  boolean isComparison;

  /** The right operand of that subtraction if it is a constant, otherwise null. */
  Integer comparedConstant;

  HostInstructionWriter(Amd64 assembler, HostWriter code) {
    this.a = assembler;
    this.code = code;
  }

  Label slow() {
    return code.slow(where(), next);
  }

  /** Always executes the instruction by its node. */
  void slowly() {
    compared = false;
    a.forgetFlags();
    a.jump(slow());
  }

  // ---- operands

  /** Returns a register as an operand; R15, the address of the next one and 4, is in a register. */
  int operand(int register, int scratch) {
    if (register != PC) {
      return HostArea.register(register);
    }
    address(scratch, now.next() + 4);
    return scratch;
  }

  /** Returns a host register that holds an operand. */
  int inRegister(int operand, int scratch) {
    if (!isField(operand)) {
      return operand;
    }
    a.move(scratch, operand);
    return scratch;
  }

  /** Computes the address of a place, and keeps the flags. */
  void address(int to, int place) {
    a.move(to, field(HostArea.BASE));
    if (place != 0) {
      a.sum(to, to, place);
    }
  }

  /** Writes a host register to a register of the guest. */
  void put(int register, int from) {
    a.store(HostArea.register(register), from);
  }

  // ---- second operands (ARM DDI 0100, A5.1)

  boolean isConstant() {
    return has(IMMEDIATE) || !isShiftedByRegister() && kind() == 1 && amount() == 0;
  }

  int constant() {
    return has(IMMEDIATE) ? Integer.rotateRight(word() & 0xff, rotation()) : 0;
  }

  int rotation() {
    return word() >>> 7 & 30;
  }

  int amount() {
    return word() >>> 7 & 31;
  }

  int kind() {
    return word() >>> 5 & 3;
  }

  boolean isShiftedByRegister() {
    return now.operation() == WordOperation.SHIFTED;
  }

  /**
   * Returns the second operand, which is no constant: in a register, or in the scratch one. To be
   * called first: it may change all three.
   */
  int right(int scratch) {
    if (isShiftedByRegister()) {
      shiftByRegister();
      a.move(scratch, RDX);
      return scratch;
    }
    int amount = amount();
    int operand = operand(rm(), scratch);
    if (amount == 0 && kind() == 0) {
      return operand;
    }
    a.move(scratch, operand);
    switch (kind()) {
      case 0 -> a.shift(SHL, scratch, amount);
      case 1 -> a.shift(SHR, scratch, amount);
      case 2 -> a.shift(SAR, scratch, amount == 0 ? 31 : amount);
      default -> a.shift(ROR, scratch, amount);
    }
    return scratch;
  }

  /**
   * Puts the second operand into a register, whether it is a constant or not; as {@link #right}.
   */
  void rightInto(int to) {
    if (isConstant()) {
      a.moveConstant(to, constant());
    } else {
      a.move(to, right(to));
    }
  }

  /** Shifts R0 to R14 by another into RDX; changes RAX and RCX. */
  private void shiftByRegister() {
    a.move(RCX, HostArea.register(rs()));
    a.move(RDX, HostArea.register(rm()));
    a.extendByte(RCX, RCX);
    switch (kind()) {
      case 0, 1 -> {
        a.shiftByCl(kind() == 0 ? SHL : SHR, RDX);
        a.operateConstant(CMP, RCX, 32);
        a.operate(SBB, RAX, RAX);
        a.operate(AND, RDX, RAX);
      }
      case 2 -> {
        a.moveConstant(RAX, 31);
        a.operate(CMP, RCX, RAX);
        a.moveIf(ABOVE, RCX, RAX);
        a.shiftByCl(SAR, RDX);
      }
      default -> a.shiftByCl(ROR, RDX);
    }
  }

  // ---- conditions (ARM DDI 0100, A3.2)

  /** Conditions of the host by those of the guest, after a subtraction. */
  private static final int[] AFTER_SUBTRACTION = {
    EQUAL,
    NOT_EQUAL,
    NOT_BELOW,
    BELOW,
    SIGN,
    NO_SIGN,
    OVERFLOW,
    OVERFLOW ^ 1,
    ABOVE,
    NOT_ABOVE,
    NOT_LESS,
    LESS,
    GREATER,
    NOT_GREATER
  };

  /** Jumps unless a condition holds. */
  void unless(int condition, Label to) {
    boolean isOfSignOrZero = condition <= 1 || condition == 4 || condition == 5;
    if (a.keepsFlags() && (isComparison || isOfSignOrZero)) {
      a.jumpIf(AFTER_SUBTRACTION[condition] ^ 1, to);
    } else if (compared) {
      if (comparedConstant != null) {
        a.operateConstant(CMP, field(HostArea.LEFT), comparedConstant);
      } else {
        compareOperands();
      }
      isComparison = true;
      a.markFlags();
      a.jumpIf(AFTER_SUBTRACTION[condition] ^ 1, to);
    } else {
      unlessFlags(condition, to);
    }
  }

  /** Sets the host's flags to those of the subtraction whose operands stand for C and V. */
  void compareOperands() {
    a.move(RDX, field(HostArea.LEFT));
    a.operate(CMP, RDX, field(HostArea.RIGHT));
  }

  private void unlessFlags(int condition, Label to) {
    Label holds = new Label();
    switch (condition) {
      case 0, 1 -> {
        a.operateConstant(CMP, field(HostArea.NZ), 0);
        a.jumpIf(condition == 0 ? NOT_EQUAL : EQUAL, to);
      }
      case 4, 5 -> {
        a.operateConstant(CMP, field(HostArea.NZ), 0);
        a.jumpIf(condition == 4 ? NO_SIGN : SIGN, to);
      }
      case 2, 3, 6, 7 -> {
        compareOperands();
        a.jumpIf(AFTER_SUBTRACTION[condition] ^ 1, to);
      }
      case 8 -> {
        a.operateConstant(CMP, field(HostArea.NZ), 0);
        a.jumpIf(EQUAL, to);
        compareOperands();
        a.jumpIf(BELOW, to);
      }
      case 9 -> {
        a.operateConstant(CMP, field(HostArea.NZ), 0);
        a.jumpIf(EQUAL, holds);
        compareOperands();
        a.jumpIf(NOT_BELOW, to);
        a.bind(holds);
      }
      case 10, 11 -> {
        compareSigns();
        a.jumpIf(condition == 10 ? SIGN : NO_SIGN, to);
      }
      case 12 -> {
        a.operateConstant(CMP, field(HostArea.NZ), 0);
        a.jumpIf(EQUAL, to);
        compareSigns();
        a.jumpIf(SIGN, to);
      }
      default -> {
        a.operateConstant(CMP, field(HostArea.NZ), 0);
        a.jumpIf(EQUAL, holds);
        compareSigns();
        a.jumpIf(NO_SIGN, to);
        a.bind(holds);
      }
    }
  }

  /** Sets the host's sign flag if N and V differ. */
  private void compareSigns() {
    compareOperands();
    a.set(OVERFLOW, RDX);
    a.extendByte(RDX, RDX);
    a.shift(SHL, RDX, 31);
    a.operate(XOR, RDX, field(HostArea.NZ));
  }

  // ---- jumps

  /** Continues at the address in RAX, with the T bit. */
  void jumpComputed() {
    code.jumpComputed(now.place());
  }

  /** Makes the state of a target in RAX agree with its bit 0. */
  void exchange() {
    Label isThumb = new Label();
    a.testBits(RAX, 1);
    a.jumpIf(NOT_EQUAL, isThumb);
    a.operateConstant(AND, RAX, ~3);
    a.bind(isThumb);
  }
}
