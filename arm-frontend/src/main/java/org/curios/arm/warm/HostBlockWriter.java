package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.warm.Amd64.*;

import java.util.List;
import java.util.Objects;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.core.Psr;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.nodes.Condition;

/** Writes what instructions do as machine code; what it does not know is left to their nodes. */
final class HostBlockWriter extends HostAccessWriter {
  HostBlockWriter(Amd64 assembler, HostWriter code) {
    super(assembler, code);
  }

  /** Writes a block; control falls through its end where its last instruction does not jump. */
  void write(List<Instruction> instructions) {
    block = instructions;
    compared = false;
    a.forgetFlags();
    for (at = 0; at < block.size(); at++) {
      now = block.get(at);
      next = new Label();
      writeOne();
      a.bind(next);
    }
  }

  private void writeOne() {
    if (!isConditional()) {
      operate();
      return;
    }
    if (isJump()) {
      unless(now.condition() ^ 1, code.to(target()));
      return;
    }
    unless(now.condition(), next);
    boolean wasCompared = compared;
    boolean kept = a.keepsFlags();
    boolean wasComparison = isComparison;
    Integer wasConstant = comparedConstant;
    operate();
    if (!Objects.equals(comparedConstant, wasConstant)) {
      comparedConstant = null;
    }
    compared &= wasCompared;
    if (!kept || isComparison != wasComparison) {
      a.forgetFlags();
    }
  }

  private boolean isJump() {
    return now.operation() == WordOperation.B || now.operation() == WordOperation.THUMB_B;
  }

  private void operate() {
    switch (now.operation()) {
      case AND, EOR, SUB, RSB, ADD, ADC, SBC, RSC, ORR, MOV, BIC, MVN -> process();
      case ANDS, EORS, ORRS, MOVS, BICS, MVNS, TST, TEQ -> logical();
      case SUBS, RSBS, CMP -> subtract();
      case ADDS, ADCS, SBCS, RSCS, CMN -> add();
      case LDR, LDRB, LDRH, LDRSB, LDRSH -> load();
      case STR, STRB, STRH -> store();
      case LDM -> loadMultiple();
      case STM -> storeMultiple();
      case MUL, MLA -> multiply();
      case MULL -> multiplyLong();
      case B, BL, THUMB_B -> branch();
      case BX, BLX, THUMB_BLX -> exchangeBranch();
      case THUMB_ADD, THUMB_MOV -> processInThumb();
      case THUMB_BL_PREFIX -> {
        address(RAX, highHalf(now));
        put(14, RAX);
      }
      case THUMB_BL_SUFFIX, THUMB_BLX_SUFFIX -> suffix();
      case NODE -> byNode();
      case MUL_HALVES -> multiplyHalves();
      case CLZ -> countLeadingZeros();
      case SHIFTED -> shifted();
      default -> slowly();
    }
  }

  // ---- jumps

  private void branch() {
    if (now.operation() == WordOperation.BL) {
      address(RAX, now.next());
      put(14, RAX);
    }
    a.jump(code.to(target()));
  }

  private void exchangeBranch() {
    a.move(RAX, operand(rm(), RAX));
    exchange();
    if (now.operation() != WordOperation.BX) {
      address(RCX, now.operation() == WordOperation.BLX ? now.next() : now.next() + 2 | 1);
      put(14, RCX);
    }
    jumpComputed();
  }

  /** The second half of a call in Thumb. */
  private void suffix() {
    boolean toArm = now.operation() == WordOperation.THUMB_BLX_SUFFIX;
    Instruction prefix = prefix();
    if (prefix == null) {
      a.move(RAX, HostArea.register(14));
      a.operateConstant(ADD, RAX, lowHalf());
    }
    address(RCX, now.next() + 2 | 1);
    put(14, RCX);
    if (prefix == null) {
      a.operateConstant(toArm ? AND : OR, RAX, toArm ? ~3 : 1);
      jumpComputed();
      return;
    }
    int target = highHalf(prefix) + lowHalf();
    a.jump(code.to(toArm ? target & ~3 : target | 1));
  }

  // ---- what operating systems do often (ARM DDI 0100, A4.1)

  private void byNode() {
    if ((now.place() & 1) == 0 && system()) {
      return;
    }
    slowly();
    if (!now.plain()) {
      resumeAtNext();
    }
  }

  /** Continues after the block, which the instruction ends, by a look at the rights. */
  private void resumeAtNext() {
    a.bind(next);
    next = new Label();
    address(RAX, now.after());
    code.jumpTo();
  }

  private boolean system() {
    Encoding encoding = EncodingTable.arm(word());
    if (encoding == Encoding.PLD_IMM || encoding == Encoding.PLD_REG) {
      return true;
    }
    Runnable writer = encoding == null ? null : writer(encoding);
    if (writer == null) {
      return false;
    }
    int condition = word() >>> 28;
    if (condition != Condition.ALWAYS) {
      unless(condition, next);
    }
    writer.run();
    a.forgetFlags();
    return true;
  }

  private Runnable writer(Encoding encoding) {
    return switch (encoding) {
      case LDRD_IMM, LDRD_REG -> isPair() ? this::loadDouble : null;
      case STRD_IMM, STRD_REG -> isPair() ? this::storeDouble : null;
      case MCR -> isToSystemControl() && rn() == 7 && isCacheOperation() ? this::privileged : null;
      case MRS -> rd() == PC || has(SAVED) ? null : this::readStatus;
      case MSR_REG ->
          rm() == PC || has(SAVED) || rn() != CONTROL
              ? null
              : () -> setControl(HostArea.register(rm()));
      case MSR_IMM ->
          has(SAVED) || rn() != CONTROL
              ? null
              : () -> {
                a.moveConstant(RAX, constant());
                setControl(RAX);
              };
      default -> null;
    };
  }

  /** The instruction is undefined in user mode; caches and the write buffer are not modelled. */
  private void privileged() {
    a.operateConstant(CMP, field(HostArea.PRIVILEGED), 0);
    a.jumpIf(EQUAL, slow());
  }

  private void readStatus() {
    a.move(RAX, field(HostArea.NZ));
    a.operateConstant(AND, RAX, Psr.N);
    a.operate(OR, RAX, field(HostArea.CONTROL));
    a.move(RCX, field(HostArea.Q));
    a.shift(SHL, RCX, 27);
    a.operate(OR, RAX, RCX);
    a.operateConstant(CMP, field(HostArea.NZ), 0);
    flag(EQUAL, 30);
    compareOperands();
    flag(NOT_BELOW, 29);
    compareOperands();
    flag(OVERFLOW, 28);
    put(rd(), RAX);
  }

  private void flag(int condition, int bit) {
    a.set(condition, RCX);
    a.extendByte(RCX, RCX);
    a.shift(SHL, RCX, bit);
    a.operate(OR, RAX, RCX);
  }

  /** Sets the interrupt masks; another mode, or a pending interrupt, is left to the node. */
  private void setControl(int operand) {
    Label slow = slow();
    a.move(RAX, operand);
    a.operateConstant(AND, RAX, 0xff & Psr.IMPLEMENTED & ~Psr.T);
    a.operateConstant(CMP, field(HostArea.PRIVILEGED), 0);
    a.jumpIf(EQUAL, slow);
    a.operateConstant(CMP, field(HostArea.REQUESTED), 0);
    a.jumpIf(NOT_EQUAL, slow);
    a.move(RCX, RAX);
    a.operate(XOR, RCX, field(HostArea.CONTROL));
    a.testBits(RCX, Psr.MODE);
    a.jumpIf(NOT_EQUAL, slow);
    a.store(field(HostArea.CONTROL), RAX);
  }
}
