package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.IMMEDIATE;
import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.warm.Amd64.*;

import org.curios.arm.cold.WordOperation;
import org.curios.arm.nodes.Condition;

/** Writes data processing (ARM DDI 0100, A5.1). */
abstract class HostDataWriter extends HostInstructionWriter {
  HostDataWriter(Amd64 assembler, HostWriter code) {
    super(assembler, code);
  }

  /** By bits 20 to 24 of the word, S being the lowest. */
  private static final WordOperation[] OPERATIONS = {
    WordOperation.AND,
    WordOperation.ANDS,
    WordOperation.EOR,
    WordOperation.EORS,
    WordOperation.SUB,
    WordOperation.SUBS,
    WordOperation.RSB,
    WordOperation.RSBS,
    WordOperation.ADD,
    WordOperation.ADDS,
    WordOperation.ADC,
    WordOperation.ADCS,
    WordOperation.SBC,
    WordOperation.SBCS,
    WordOperation.RSC,
    WordOperation.RSCS,
    null,
    WordOperation.TST,
    null,
    WordOperation.TEQ,
    null,
    WordOperation.CMP,
    null,
    WordOperation.CMN,
    WordOperation.ORR,
    WordOperation.ORRS,
    WordOperation.MOV,
    WordOperation.MOVS,
    WordOperation.BIC,
    WordOperation.BICS,
    WordOperation.MVN,
    WordOperation.MVNS
  };

  /** Returns the operation, however its second operand is shifted. */
  @Override
  WordOperation operation() {
    return isShiftedByRegister() ? OPERATIONS[word() >>> 20 & 31] : now.operation();
  }

  /** Operations of the host by bits 21 to 24 of the word; those apart that need more. */
  private static int hostOperation(WordOperation operation) {
    return switch (operation) {
      case AND, ANDS, TST, BIC, BICS -> AND;
      case EOR, EORS, TEQ -> XOR;
      case SUB, RSB -> SUB;
      case ADD, ADDS, CMN -> ADD;
      case ORR, ORRS -> OR;
      case ADC, ADCS -> ADC;
      default -> SBB;
    };
  }

  void process() {
    if (rd() == PC) {
      result();
      a.operateConstant(AND, RAX, ~3);
      jumpComputed();
      return;
    }
    int to = HostArea.register(rd());
    switch (operation()) {
      case MOV, MVN -> moveTo(to);
      case AND, EOR, ADD, ORR, SUB, BIC -> inPlace(to);
      default -> {
        result();
        a.store(to, RAX);
      }
    }
  }

  private void moveTo(int to) {
    boolean inverts = operation() == WordOperation.MVN;
    if (isConstant()) {
      a.moveConstant(to, inverts ? ~constant() : constant());
      return;
    }
    int register = isField(to) ? RAX : to;
    int value = right(register);
    a.move(register, value);
    if (inverts) {
      a.not(register);
    }
    a.store(to, register);
  }

  /** Computes in the destination, where it is the left operand or no operand. */
  private void inPlace(int to) {
    WordOperation operation = operation();
    int host = hostOperation(operation);
    boolean inverts = operation == WordOperation.BIC;
    if (isConstant()) {
      int constant = inverts ? ~constant() : constant();
      if (rn() == rd()) {
        a.operateConstant(host, to, constant);
        return;
      }
      int register = isField(to) ? RAX : to;
      int left = operand(rn(), register);
      boolean adds = operation == WordOperation.ADD || operation == WordOperation.SUB;
      if (adds && !isField(left)) {
        a.sum(register, left, operation == WordOperation.ADD ? constant : -constant);
      } else {
        a.move(register, left);
        a.operateConstant(host, register, constant);
      }
      a.store(to, register);
      return;
    }
    int right = right(RCX);
    if (inverts) {
      a.move(RCX, right);
      a.not(RCX);
      right = RCX;
    }
    if (rn() == rd()) {
      a.operate(host, to, isField(to) ? inRegister(right, RCX) : right);
      return;
    }
    int register = isField(to) || right == to ? RAX : to;
    a.move(register, operand(rn(), RAX));
    a.operate(host, register, right);
    a.store(to, register);
  }

  /** Computes the result of any operation that sets no flags into RAX. */
  private void result() {
    switch (operation()) {
      case MOV, MVN -> {
        rightInto(RAX);
        if (operation() == WordOperation.MVN) {
          a.not(RAX);
        }
      }
      case RSB, RSC -> reversed();
      default -> combined();
    }
  }

  /** Computes the second operand minus the first into RAX. */
  private void reversed() {
    rightInto(RAX);
    int right = operand(rn(), RCX);
    loadCarry();
    boolean carries = operation() == WordOperation.RSC || operation() == WordOperation.RSCS;
    a.operate(carries ? SBB : SUB, RAX, right);
  }

  /** Combines both operands in RAX. */
  private void combined() {
    int right = isConstant() ? 0 : right(RCX);
    a.move(RAX, operand(rn(), RAX));
    WordOperation operation = operation();
    boolean inverts = operation == WordOperation.BIC || operation == WordOperation.BICS;
    if (!isConstant() && inverts) {
      a.move(RCX, right);
      a.not(RCX);
    }
    loadCarry();
    if (isConstant()) {
      a.operateConstant(hostOperation(operation), RAX, inverts ? ~constant() : constant());
    } else {
      a.operate(hostOperation(operation), RAX, inverts ? RCX : right);
    }
  }

  /** Sets the host's carry flag as the operation takes it, if it does. */
  private void loadCarry() {
    switch (operation()) {
      case ADC, ADCS -> {
        compareOperands();
        a.complementCarry();
      }
      case SBC, SBCS, RSC, RSCS -> compareOperands();
      default -> {}
    }
  }

  void processInThumb() {
    boolean adds = operation() == WordOperation.THUMB_ADD;
    if (rd() == PC) {
      a.move(RAX, operand(rm(), RAX));
      if (adds) {
        a.operate(ADD, RAX, operand(rn(), RCX));
      }
      a.operateConstant(OR, RAX, 1);
      jumpComputed();
      return;
    }
    int right = operand(rm(), RCX);
    if (adds) {
      a.move(RAX, operand(rn(), RAX));
      a.operate(ADD, RAX, right);
      put(rd(), RAX);
    } else {
      put(rd(), inRegister(right, RAX));
    }
  }

  // ---- flags

  private boolean isLive(int which) {
    return Flags.isLive(block, at, which);
  }

  /** Stores N and Z of the result in RAX, if they may be seen. */
  void signAndZero() {
    if (isLive(Flags.NZ)) {
      a.store(field(HostArea.NZ), RAX);
    }
  }

  private void writeResult() {
    if (!isTest()) {
      put(rd(), RAX);
    }
  }

  /** The host's flags are those of the result. */
  private void flagsAre(boolean ofSubtraction) {
    compared = ofSubtraction;
    isComparison = ofSubtraction;
    a.markFlags();
  }

  void logical() {
    if (writesPcWithFlags()) {
      slowly();
      return;
    }
    boolean moves = operation() == WordOperation.MOVS || operation() == WordOperation.MVNS;
    if (moves) {
      rightInto(RAX);
      if (operation() == WordOperation.MVNS) {
        a.not(RAX);
      }
    } else {
      combined();
    }
    boolean carries = setsCarry() && isLive(Flags.C);
    Label unchanged = new Label();
    if (carries) {
      if (isShiftedByRegister()) {
        carryOutByRegister(unchanged);
      } else {
        carryOut();
      }
      a.move(RDX, field(HostArea.LEFT));
      a.operate(CMP, RDX, field(HostArea.RIGHT));
      a.set(OVERFLOW, RDX);
      putCarries();
      a.bind(unchanged);
    }
    signAndZero();
    if ((moves || carries) && isNextConditional()) {
      a.test(RAX, RAX);
    }
    boolean hasFlags = !(moves || carries) || isNextConditional();
    writeResult();
    compared = false;
    if (hasFlags) {
      flagsAre(false);
    } else {
      a.forgetFlags();
    }
  }

  private boolean isNextConditional() {
    return at + 1 < block.size() && block.get(at + 1).condition() != Condition.ALWAYS;
  }

  private boolean setsCarry() {
    return ShifterWriter.setsCarry(word());
  }

  /** Computes the carry-out of the second operand into RCX. */
  private void carryOut() {
    if (has(IMMEDIATE)) {
      a.moveConstant(RCX, (word() & 0xff) >>> rotation() - 1 & 1);
      return;
    }
    int bit = kind() == 0 ? 32 - amount() : amount() - 1 & 31;
    a.move(RCX, operand(rm(), RCX));
    if (bit != 0) {
      a.shift(SHR, RCX, bit);
    }
    a.operateConstant(AND, RCX, 1);
  }

  /** The same where R0 to R14 gives the distance, which leaves C as it is if it is 0. */
  private void carryOutByRegister(Label unchanged) {
    Label isNear = new Label();
    a.move(RCX, HostArea.register(rs()));
    a.extendByte(RCX, RCX);
    a.test(RCX, RCX);
    a.jumpIf(EQUAL, unchanged);
    a.operateConstant(CMP, RCX, 63);
    a.jumpIf(NOT_ABOVE, isNear);
    if (kind() != 3) {
      a.moveConstant(RCX, 63); // as far as 64 bits can be shifted
    }
    a.bind(isNear);
    if (kind() == 2) {
      a.moveSigned(RDX, HostArea.register(rm()));
    } else {
      a.move(RDX, HostArea.register(rm()));
    }
    switch (kind()) {
      case 0 -> {
        a.shiftLongByCl(SHL, RDX);
        a.shiftLong(SHR, RDX, 32);
      }
      case 1, 2 -> {
        a.addLong(RDX, RDX);
        a.shiftLongByCl(kind() == 1 ? SHR : SAR, RDX);
      }
      default -> {
        a.shiftByCl(ROR, RDX);
        a.shift(SHR, RDX, 31);
      }
    }
    a.move(RCX, RDX);
    a.operateConstant(AND, RCX, 1);
  }

  /** Sets C and V to what is in RCX and the low byte of RDX, and keeps the host's flags. */
  private void putCarries() {
    a.extendByte(RDX, RDX);
    a.sumScaled(RCX, RCX, RDX, 2);
    a.loadIndexedLong(RCX, CONTEXT, RCX, 8, HostArea.CARRIES);
    a.storeLong(field(HostArea.LEFT), RCX);
  }

  void subtract() {
    if (writesPcWithFlags()) {
      slowly();
      return;
    }
    boolean reversed = operation() == WordOperation.RSBS;
    boolean carries = isLive(Flags.CV);
    if (reversed) {
      rightInto(RAX);
      compare(inRegister(operand(rn(), RCX), RCX), carries);
    } else if (isConstant()) {
      a.move(RAX, operand(rn(), RAX));
      if (constant() == 0) {
        compareWithZero(carries);
      } else {
        if (carries) {
          a.store(field(HostArea.LEFT), RAX);
          a.moveConstant(field(HostArea.RIGHT), constant());
        }
        a.operateConstant(SUB, RAX, constant());
      }
    } else {
      int right = inRegister(right(RCX), RCX);
      a.move(RAX, operand(rn(), RAX));
      compare(right, carries);
    }
    signAndZero();
    writeResult();
    flagsAre(true);
    comparedConstant = !reversed && isConstant() ? (Integer) constant() : null;
  }

  /** Both operands are stored at once. */
  private void compareWithZero(boolean carries) {
    if (carries) {
      a.storeLong(field(HostArea.LEFT), RAX);
    }
    a.test(RAX, RAX);
  }

  private void compare(int right, boolean carries) {
    if (carries) {
      a.store(field(HostArea.LEFT), RAX);
      a.store(field(HostArea.RIGHT), right);
    }
    a.operate(SUB, RAX, right);
  }

  void add() {
    if (writesPcWithFlags()) {
      slowly();
      return;
    }
    boolean subtracts = operation() == WordOperation.SBCS || operation() == WordOperation.RSCS;
    if (operation() == WordOperation.RSCS) {
      reversed();
    } else {
      combined();
    }
    if (isLive(Flags.CV)) {
      a.set(subtracts ? NOT_BELOW : BELOW, RCX);
      a.set(OVERFLOW, RDX);
      a.extendByte(RCX, RCX);
      putCarries();
    }
    signAndZero();
    writeResult();
    flagsAre(false);
  }

  /** An operation whose second operand is shifted by a register. */
  void shifted() {
    if (namesPc()) {
      slowly();
      return;
    }
    switch (operation()) {
      case ANDS, EORS, ORRS, MOVS, BICS, MVNS, TST, TEQ -> logical();
      case SUBS, RSBS, CMP -> subtract();
      case ADDS, ADCS, SBCS, RSCS, CMN -> add();
      default -> process();
    }
  }
}
