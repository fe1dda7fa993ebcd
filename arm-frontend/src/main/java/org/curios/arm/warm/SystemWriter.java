package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.PC;

import org.curios.arm.core.Psr;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.arm.nodes.Condition;
import org.curios.arm.warm.Assembler.Label;

/**
 * Writes instructions that the interpreter leaves to nodes, but operating systems use often: hints,
 * doublewords, cache maintenance, interrupt masks (ARM DDI 0100, A4.1).
 */
abstract class SystemWriter extends AccessWriter {
  /** Fields of MSR: the control bits alone. */
  private static final int CONTROL = 1;

  /** The bit of MRS and MSR that chooses the SPSR. */
  private static final int SAVED = 1 << 22;

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
      case MCR -> isIdle() ? this::idle : null;
      case MRS -> has(SAVED) || rd() == PC ? null : this::readStatus;
      case MSR_REG -> setsControl() ? () -> setMasks(() -> e.field(word() & 15)) : null;
      case MSR_IMM -> {
        int value = Integer.rotateRight(word() & 0xff, word() >>> 7 & 30);
        yield setsControl() ? () -> setMasks(() -> b.loadConstant(value)) : null;
      }
      default -> null;
    };
  }

  private boolean isPair() {
    return (rd() & 1) == 0 && rd() != 14 && rn() != PC;
  }

  /** Returns whether it concerns caches and the write buffer, which are not modelled. */
  private boolean isIdle() {
    boolean waits = (word() & 15) == 0 && (word() >>> 5 & 7) == 4;
    return (word() >>> 8 & 15) == 15 && (word() >>> 21 & 7) == 0 && rn() == 7 && !waits;
  }

  private boolean setsControl() {
    return !has(SAVED) && rn() == CONTROL && (has(1 << 25) || (word() & 15) != PC);
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

  private void idle() {
    e.cpu();
    e.isPrivileged();
    b.ifeq(exits.slow(where()));
  }

  private void readStatus() {
    e.cpu();
    e.cpu();
    e.status();
    e.putRegister(rd());
  }

  /** Sets the interrupt masks; a change of mode, or a pending interrupt, is left to the node. */
  private void setMasks(Runnable value) {
    e.cpu();
    value.run();
    b.loadConstant(0xff & Psr.IMPLEMENTED).iand();
    e.setMasks();
    b.ifeq(exits.slow(where()));
  }
}
