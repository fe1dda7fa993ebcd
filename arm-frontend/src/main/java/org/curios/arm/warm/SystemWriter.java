package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.IMMEDIATE;
import static org.curios.arm.cold.WordOperands.PC;

import org.curios.arm.cold.WordOperands;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.core.Psr;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.nodes.Condition;
import org.curios.arm.warm.Assembler.Label;

/**
 * Writes instructions that the interpreter leaves to nodes, but operating systems use often: hints,
 * doublewords, coprocessor 15, status registers, system calls and returns from exceptions (ARM DDI
 * 0100, A4.1). Where the mode or the rights to fetch may have changed, the code is left.
 */
abstract class SystemWriter extends AccessWriter {
  /** Amount and kind of the shift of an operand, and whether it is shifted by a register. */
  private static final int SHIFT = 0xff0;

  /** The first register that modes other than FIQ bank. */
  private static final int FIRST_BANKED = 13;

  SystemWriter(Emitter emitter, Exits exits) {
    super(emitter, exits);
  }

  /**
   * Writes an instruction in ARM state.
   *
   * @param next label of the next instruction
   * @return false if it is left to its node
   */
  boolean system(Label next) {
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
      new ConditionWriter(e).unless(condition, compared, next);
    }
    writer.run();
    return true;
  }

  private Runnable writer(Encoding encoding) {
    return switch (encoding) {
      case LDRD_IMM, LDRD_REG -> isPair() ? this::loadDouble : null;
      case STRD_IMM, STRD_REG -> isPair() ? this::storeDouble : null;
      case MCR -> coprocessor();
      case MRS -> rd() == PC ? null : this::readStatus;
      case MSR_REG -> (word() & 15) == PC ? null : status(() -> e.field(word() & 15));
      case MSR_IMM -> status(this::right);
      case SWI -> this::softwareInterrupt;
      case LDM_USER -> isOfUser() ? this::loadUser : null;
      case STM_USER -> isOfUser() && !has(1 << PC) ? this::storeUser : null;
      case LDM_EXCEPTION -> rn() == PC ? null : this::loadAndReturn;
      default -> null;
    };
  }

  private Runnable coprocessor() {
    if (!isToSystemControl()) {
      return null;
    }
    int operation = word() >>> 5 & 7;
    return switch (rn()) {
      case 3 -> this::setDomains;
      case 7 -> isCacheOperation() ? this::privileged : null;
      case 8 -> operation == 1 ? this::flushPage : null;
      default -> null;
    };
  }

  private Runnable status(Runnable value) {
    if (has(SAVED)) {
      return () -> setSaved(value);
    }
    return rn() == CONTROL ? () -> setControl(value) : null;
  }

  private boolean isOfUser() {
    return rn() != PC && (word() & 0xffff) != 0 && !has(WordOperands.WRITES_BACK);
  }

  /** A misaligned address is left to the node, which decides whether to abort. */
  private void loadDouble() {
    address(true);
    check(false, 7);
    e.place();
    e.host();
    e.beginSteps();
    e.hostWord();
    b.istore(Emitter.RESULT);
    e.step();
    e.hostWord();
    b.istore(Emitter.ENTRY);
    writeBack();
    e.cpu();
    b.iload(Emitter.RESULT);
    e.putRegister(rd());
    e.cpu();
    b.iload(Emitter.ENTRY);
    e.putRegister(rd() + 1);
  }

  private void storeDouble() {
    address(true);
    check(true, 7);
    e.place();
    e.host();
    e.beginSteps();
    for (int i = 0; i < 2; i++) {
      e.hostAddress();
      e.field(rd() + i);
      e.put("putInt", "I");
      if (i == 0) {
        e.step();
      }
    }
    writeBack();
  }

  // ---- coprocessor 15

  /** The instruction is undefined in user mode; caches and the write buffer are not modelled. */
  private void privileged() {
    e.cpu();
    e.isPrivileged();
    b.ifeq(exits.slow(where()));
  }

  private void setDomains() {
    privileged();
    e.cpu();
    e.field(rd());
    e.setDomains();
    continueAtNext();
  }

  private void flushPage() {
    Label done = b.newLabel();
    privileged();
    e.cpu();
    e.field(rd());
    e.flushPage();
    b.ifeq(done);
    continueAtNext();
    b.labelBinding(done);
  }

  /** Continues after the block, which the instruction ends, by a look at the rights. */
  private void continueAtNext() {
    e.cpu();
    e.baseAnd(now.next());
    e.put("pc");
    b.goto_(exits.out());
  }

  // ---- status registers

  private void readStatus() {
    e.cpu();
    e.cpu();
    e.status(has(SAVED));
    e.putRegister(rd());
  }

  /** Sets masks and mode; user mode, or a pending interrupt, is left to the node. */
  private void setControl(Runnable value) {
    e.cpu();
    value.run();
    b.loadConstant(0xff & Psr.IMPLEMENTED).iand();
    e.setControl();
    b.ifeq(exits.slow(where()));
  }

  private void setSaved(Runnable value) {
    e.cpu();
    value.run();
    b.loadConstant(Psr.ofFields(rn()));
    e.setSaved();
  }

  // ---- exceptions

  private void softwareInterrupt() {
    e.cpu();
    e.baseAnd(now.place());
    e.baseAnd(now.next());
    b.loadConstant(word() & 0xffffff);
    e.softwareInterrupt();
    leave();
  }

  /**
   * Writes the usual returns from exceptions: MOVS with R15 as its destination, or SUBS of a
   * constant.
   *
   * @return false if the instruction is none of them
   */
  boolean exceptionReturn() {
    WordOperation operation = now.operation();
    boolean isArm = (now.place() & 1) == 0;
    boolean moves =
        operation == WordOperation.MOVS
            && (word() & (IMMEDIATE | SHIFT)) == 0
            && (word() & 15) != PC;
    boolean subtracts = operation == WordOperation.SUBS && has(IMMEDIATE) && rn() != PC;
    if (!isArm || rd() != PC || !moves && !subtracts) {
      return false;
    }
    e.cpu();
    e.baseAnd(now.place());
    if (moves) {
      right();
    } else {
      left();
      right();
      b.isub();
    }
    e.exceptionReturn();
    leave();
    return true;
  }

  /** Leaves the code for the PC, which may be of another mode. */
  private void leave() {
    e.cpu();
    e.get("pc");
    b.istore(Emitter.RESULT);
    exits.sample(now.place());
    b.goto_(exits.out());
  }

  // ---- registers of user mode

  private void loadUser() {
    Label done = b.newLabel();
    int list = beginUser(false, done);
    for (int left = list; left != 0; left &= left - 1) {
      int register = Integer.numberOfTrailingZeros(left);
      e.cpu();
      if (register < FIRST_BANKED) {
        e.hostWord();
        e.putRegister(register);
      } else {
        b.loadConstant(register);
        e.hostWord();
        e.putUserRegister();
      }
      step(left);
    }
    b.labelBinding(done);
  }

  private void storeUser() {
    Label done = b.newLabel();
    int list = beginUser(true, done);
    storeWords(
        list,
        register -> {
          if (register < FIRST_BANKED) {
            e.field(register);
          } else {
            e.cpu();
            b.loadConstant(register);
            e.userRegister();
          }
        });
    b.labelBinding(done);
  }

  private int beginUser(boolean stores, Label done) {
    e.cpu();
    e.mode();
    b.loadConstant(Psr.FIQ).if_icmpeq(exits.slow(where()));
    int list = word() & 0xffff;
    block(list, stores, done);
    return list;
  }

  private void loadAndReturn() {
    loadWords(word() & 0xffff, null);
    b.istore(Emitter.RESULT);
    e.cpu();
    e.baseAnd(now.place());
    b.iload(Emitter.RESULT);
    e.exceptionReturn();
    leave();
  }
}
