package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.cold.WordOperands.SETS_FLAGS;

import org.curios.arm.cold.WordOperation;

/** Writes data processing and products (ARM DDI 0100, A5.1, A4.1). */
abstract class DataWriter extends InstructionWriter {
  DataWriter(Emitter emitter, Exits exits) {
    super(emitter, exits);
  }

  void process() {
    if (rd() == PC) {
      result();
      b.loadConstant(~3).iand();
      boolean returns = now.operation() == WordOperation.MOV && (word() & 0x2000fff) == 14;
      jumpComputed(returns ? Jump.RETURN : callOrOther());
      return;
    }
    e.cpu();
    result();
    e.putRegister(rd());
  }

  void processInThumb() {
    Runnable result =
        () -> {
          if (now.operation() == WordOperation.THUMB_ADD) {
            left();
          }
          e.register(word() & 15, now.next());
          if (now.operation() == WordOperation.THUMB_ADD) {
            b.iadd();
          }
        };
    if (rd() == PC) {
      result.run();
      b.iconst_1().ior();
      boolean returns = now.operation() == WordOperation.THUMB_MOV && (word() & 15) == 14;
      jumpComputed(returns ? Jump.RETURN : Jump.OTHER);
    } else {
      e.cpu();
      result.run();
      e.putRegister(rd());
    }
  }

  void right() {
    new ShifterWriter(e, word(), now.next()).value();
  }

  /** Pushes the result of an operation that sets no flags. */
  void result() {
    WordOperation operation = now.operation();
    switch (operation) {
      case RSB, RSC -> {
        right();
        left();
      }
      case MOV, MVN -> right();
      default -> {
        left();
        right();
      }
    }
    switch (operation) {
      case AND -> b.iand();
      case EOR -> b.ixor();
      case SUB, RSB -> b.isub();
      case ADD -> b.iadd();
      case ORR -> b.ior();
      case BIC -> b.iconst_m1().ixor().iand();
      case MVN -> b.iconst_m1().ixor();
      case ADC -> {
        b.iadd();
        carry();
        b.iadd();
      }
      case SBC, RSC -> {
        b.isub().iconst_1().isub();
        carry();
        b.iadd();
      }
      default -> {}
    }
  }

  /** An operand that is shifted by a register: inlined if no flags are set. */
  void shifted() {
    int operation = word() >>> 21 & 15;
    if (has(SETS_FLAGS) || namesPc() || operation >= 5 && operation <= 7) {
      call();
      return;
    }
    e.cpu();
    if (operation != 13 && operation != 15 && operation != 3) {
      left();
    }
    e.register(word() & 15, now.next());
    e.register(word() >>> 8 & 15, now.next());
    e.shift(word() >>> 5 & 3);
    switch (operation) {
      case 0 -> b.iand();
      case 1 -> b.ixor();
      case 2 -> b.isub();
      case 3 -> {
        left();
        b.isub();
      }
      case 4 -> b.iadd();
      case 12 -> b.ior();
      case 14 -> b.iconst_m1().ixor().iand();
      case 15 -> b.iconst_m1().ixor();
      default -> {}
    }
    e.putRegister(rd());
  }

  void carry() {
    e.cpu();
    e.carry();
  }

  void logical() {
    if (writesPcWithFlags()) {
      slowly();
      return;
    }
    switch (now.operation()) {
      case MOVS, MVNS -> right();
      default -> {
        left();
        right();
      }
    }
    switch (now.operation()) {
      case ANDS, TST -> b.iand();
      case EORS, TEQ -> b.ixor();
      case ORRS -> b.ior();
      case BICS -> b.iconst_m1().ixor().iand();
      case MVNS -> b.iconst_m1().ixor();
      default -> {}
    }
    b.istore(Emitter.RESULT);
    ShifterWriter shifter = new ShifterWriter(e, word(), now.next());
    if (shifter.setsCarry() && Flags.isLive(block, at, Flags.C)) {
      e.cpu();
      shifter.carry();
      e.setCarry();
    }
    compared = false;
    signAndZero();
    writeResult();
  }

  /** Sets N and Z by the result, if they may be seen. */
  void signAndZero() {
    if (Flags.isLive(block, at, Flags.NZ)) {
      e.cpu();
      b.iload(Emitter.RESULT);
      e.put("n");
      e.cpu();
      b.iload(Emitter.RESULT);
      e.put("z");
    }
  }

  void writeResult() {
    if (!isTest()) {
      e.cpu();
      b.iload(Emitter.RESULT);
      e.putRegister(rd());
    }
  }

  void subtract() {
    if (writesPcWithFlags()) {
      slowly();
      return;
    }
    boolean reversed = now.operation() == WordOperation.RSBS;
    left();
    b.istore(reversed ? Emitter.RIGHT : Emitter.LEFT);
    right();
    b.istore(reversed ? Emitter.LEFT : Emitter.RIGHT);
    compared = true;
    if (Flags.isLive(block, at, Flags.CV)) {
      e.cpu();
      b.iload(Emitter.LEFT);
      e.put("left");
      e.cpu();
      b.iload(Emitter.RIGHT);
      e.put("right");
    }
    if (!isTest() || Flags.isLive(block, at, Flags.NZ)) {
      b.iload(Emitter.LEFT).iload(Emitter.RIGHT).isub().istore(Emitter.RESULT);
      signAndZero();
      writeResult();
    }
  }

  void add() {
    if (writesPcWithFlags()) {
      slowly();
      return;
    }
    boolean subtracts = now.operation() == WordOperation.SBCS;
    boolean reversed = now.operation() == WordOperation.RSCS;
    boolean carries =
        !(now.operation() == WordOperation.ADDS || now.operation() == WordOperation.CMN);
    boolean live = Flags.isLive(block, at, Flags.CV);
    if (live) {
      e.cpu();
    }
    if (reversed) {
      right();
      left();
    } else {
      left();
      right();
    }
    if (subtracts || reversed) {
      b.iconst_m1().ixor();
    }
    if (live) {
      if (carries) {
        carry();
      } else {
        b.iconst_0();
      }
      e.setAddition();
      b.istore(Emitter.RESULT);
    } else {
      b.iadd();
      if (carries) {
        carry();
        b.iadd();
      }
      b.istore(Emitter.RESULT);
      signAndZero();
    }
    compared = false;
    writeResult();
  }

  /** UMULL and SMULL; with flags or an addition they are left to the interpreter's operation. */
  void multiplyLong() {
    if (namesPc() || has(SETS_FLAGS) || has(1 << 21)) {
      call();
      return;
    }
    factor(word() & 15);
    factor(word() >>> 8 & 15);
    b.lmul().lstore(Emitter.HOST);
    e.cpu();
    b.lload(Emitter.HOST).l2i();
    e.putRegister(rd());
    e.cpu();
    b.lload(Emitter.HOST).loadConstant(32).lushr().l2i();
    e.putRegister(rn());
  }

  private void factor(int register) {
    e.field(register);
    b.i2l();
    if (!has(1 << 22)) {
      b.loadConstant(0xffffffffL).land();
    }
  }

  void multiply() {
    if (namesPc()) {
      call();
      return;
    }
    e.register(word() & 15, now.next());
    e.register(word() >>> 8 & 15, now.next());
    b.imul();
    if (now.operation() == WordOperation.MLA) {
      e.register(rd(), now.next());
      b.iadd();
    }
    b.istore(Emitter.RESULT);
    if (has(SETS_FLAGS)) {
      compared = false;
      signAndZero();
    }
    e.cpu();
    b.iload(Emitter.RESULT);
    e.putRegister(rn());
  }
}
