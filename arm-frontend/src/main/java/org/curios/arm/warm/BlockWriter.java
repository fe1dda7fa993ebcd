package org.curios.arm.warm;

import java.util.List;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.warm.Assembler.Label;

/**
 * Writes what instructions do as byte code. Frequent operations are inlined; the others call the
 * interpreter's, or leave the instruction to its node.
 */
final class BlockWriter extends SystemWriter {
  /** Where control continues after the current instruction. */
  private Label next;

  BlockWriter(Emitter emitter, Exits exits) {
    super(emitter, exits);
  }

  /** Writes a block; control falls through its end where its last instruction does not jump. */
  void write(List<Instruction> instructions) {
    block = instructions;
    compared = false;
    for (at = 0; at < block.size(); at++) {
      now = block.get(at);
      next = b.newLabel();
      writeOne();
      b.labelBinding(next);
    }
  }

  private void writeOne() {
    if (isConditional()) {
      new ConditionWriter(e).unless(now.condition(), compared, next);
    }
    boolean wasCompared = compared;
    operate();
    if (isConditional()) {
      compared &= wasCompared;
    }
  }

  private void operate() {
    if (exceptionReturn()) {
      return;
    }
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
      case BX, BLX, THUMB_BLX -> exchange();
      case THUMB_ADD, THUMB_MOV -> processInThumb();
      case THUMB_BL_PREFIX -> {
        e.cpu();
        e.baseAnd(highHalf(now));
        e.put("r14");
      }
      case THUMB_BL_SUFFIX, THUMB_BLX_SUFFIX -> suffix();
      case NODE -> byNode();
      case SHIFTED -> shifted();
      default -> call();
    }
  }

  // ---- jumps

  private void branch() {
    if (now.operation() == WordOperation.BL) {
      e.cpu();
      e.baseAnd(now.next());
      e.put("r14");
    }
    if (now.operation() == WordOperation.BL) {
      exits.call(target(), now.after());
    } else {
      b.goto_(exits.to(target()));
    }
  }

  private void exchange() {
    e.register(word() & 15, now.next());
    e.exchange();
    if (now.operation() != WordOperation.BX) {
      b.istore(Emitter.RESULT);
      e.cpu();
      e.baseAnd(now.operation() == WordOperation.BLX ? now.next() : now.next() + 2 | 1);
      e.put("r14");
      b.iload(Emitter.RESULT);
      jumpComputed(Jump.CALL);
    } else {
      jumpComputed((word() & 15) == 14 ? Jump.RETURN : callOrOther());
    }
  }

  /** The second half of a call in Thumb. */
  private void suffix() {
    boolean toArm = now.operation() == WordOperation.THUMB_BLX_SUFFIX;
    Instruction prefix = prefix();
    if (prefix == null) {
      e.field(14);
      b.loadConstant(lowHalf()).iadd().istore(Emitter.RESULT);
    }
    e.cpu();
    e.baseAnd(now.next() + 2 | 1);
    e.put("r14");
    if (prefix == null) {
      b.iload(Emitter.RESULT).loadConstant(toArm ? ~3 : -1).iand();
      if (!toArm) {
        b.iconst_1().ior();
      }
      jumpComputed(Jump.CALL);
      return;
    }
    int target = highHalf(prefix) + lowHalf();
    exits.call(toArm ? target & ~3 : target | 1, now.after());
  }

  private void byNode() {
    if ((now.place() & 1) == 0 && system(next)) {
      return;
    }
    slowly();
    if (!now.plain()) {
      b.goto_(exits.out());
    }
  }
}
