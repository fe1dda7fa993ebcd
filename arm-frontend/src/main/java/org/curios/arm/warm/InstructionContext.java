package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.cold.WordOperands.PRE;
import static org.curios.arm.cold.WordOperands.WRITES_BACK;

import java.util.List;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.nodes.Condition;

/** The instruction that is written, in its block, and the fields of its word (ARM DDI 0100, A3). */
abstract class InstructionContext {
  /** Fields of MSR: the control bits alone. */
  static final int CONTROL = 1;

  /** The bit of MRS and MSR that chooses the SPSR. */
  static final int SAVED = 1 << 22;

  List<Instruction> block;
  int at;
  Instruction now;

  /** Whether the operands of the subtraction that last set the flags are known. */
  boolean compared;

  int word() {
    return now.word();
  }

  int rn() {
    return word() >>> 16 & 15;
  }

  int rd() {
    return word() >>> 12 & 15;
  }

  int rs() {
    return word() >>> 8 & 15;
  }

  int rm() {
    return word() & 15;
  }

  boolean has(int bit) {
    return (word() & bit) != 0;
  }

  /** Returns what the instruction does. */
  WordOperation operation() {
    return now.operation();
  }

  /** The place of the instruction, and above it the instructions to the end of the block. */
  int where() {
    return now.place() | block.size() - at << 10;
  }

  boolean isConditional() {
    return now.condition() != Condition.ALWAYS;
  }

  /** Returns whether one of the four registers is R15. */
  boolean namesPc() {
    return rn() == PC || rd() == PC || rm() == PC || rs() == PC;
  }

  // ---- data processing

  boolean isTest() {
    return switch (operation()) {
      case TST, TEQ, CMP, CMN -> true;
      default -> false;
    };
  }

  boolean writesPcWithFlags() {
    return rd() == PC && !isTest();
  }

  // ---- accesses

  boolean writesBack() {
    return (word() & (PRE | WRITES_BACK)) != PRE && rn() != PC;
  }

  boolean isAsUser() {
    return switch (operation()) {
      case LDR, LDRB, STR, STRB -> WordOperands.isAsUser(word());
      default -> false;
    };
  }

  boolean isByte() {
    return switch (operation()) {
      case LDRB, LDRSB, STRB -> true;
      default -> false;
    };
  }

  /** Returns whether a doubleword is that of two registers, neither of them R15. */
  boolean isPair() {
    return (rd() & 1) == 0 && rd() != 14 && rn() != PC;
  }

  // ---- jumps

  /** Returns the target of a branch, with the T bit. */
  int target() {
    boolean isThumb = operation() == WordOperation.THUMB_B;
    int distance = isThumb ? word() << 8 >> 7 : word() << 8 >> 6;
    int target = now.next() + 4 + distance;
    return isThumb ? target | 1 : target;
  }

  /** Returns what the first half of a call in Thumb puts into R14. */
  static int highHalf(Instruction prefix) {
    return prefix.next() + 4 + (prefix.word() << 21 >> 9);
  }

  /** Returns what its second half adds to that. */
  int lowHalf() {
    return 2 * (word() & 0x7ff);
  }

  /** Returns the first half of the call, if it is right before the second; otherwise null. */
  Instruction prefix() {
    Instruction before = at == 0 ? null : block.get(at - 1);
    boolean is = before != null && before.operation() == WordOperation.THUMB_BL_PREFIX;
    return is ? before : null;
  }

  // ---- coprocessor 15

  /** Returns whether an MCR writes a register of the system control coprocessor. */
  boolean isToSystemControl() {
    return rs() == 15 && (word() >>> 21 & 7) == 0 && rd() != PC;
  }

  /** Returns whether that, to R7, is a cache operation and not the wait for an interrupt. */
  boolean isCacheOperation() {
    return rm() != 0 || (word() >>> 5 & 7) != 4;
  }
}
