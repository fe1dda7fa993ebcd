package org.curios.arm.warm;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_short;
import static org.curios.arm.cold.WordOperands.IMMEDIATE;
import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.cold.WordOperands.PRE;
import static org.curios.arm.cold.WordOperands.SETS_FLAGS;
import static org.curios.arm.cold.WordOperands.UP;
import static org.curios.arm.cold.WordOperands.WRITES_BACK;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.List;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.nodes.Condition;

/**
 * Writes what instructions do as byte code. Frequent operations are written out; the others call
 * those of the interpreter, or leave the instruction to its node.
 */
final class BlockWriter {
  private final CodeBuilder b;
  private final Emitter e;
  private final Exits exits;
  private List<Instruction> block;
  private int at;
  private Instruction now;

  /** Whether the operands of the subtraction that set the flags last are in locals. */
  private boolean compared;

  /** Where control goes on after the present instruction. */
  private Label next;

  BlockWriter(Emitter emitter, Exits exits) {
    this.e = emitter;
    this.b = emitter.b;
    this.exits = exits;
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
    if (now.condition() != Condition.ALWAYS) {
      new ConditionWriter(e).unless(now.condition(), compared, next);
    }
    boolean wasCompared = compared;
    operate();
    if (now.condition() != Condition.ALWAYS) {
      compared = wasCompared && !writesFlags(now);
    }
  }

  private int word() {
    return now.word();
  }

  private int rn() {
    return word() >>> 16 & 15;
  }

  private int rd() {
    return word() >>> 12 & 15;
  }

  private boolean has(int bit) {
    return (word() & bit) != 0;
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
      case B, BL, THUMB_B -> branch();
      case BX, BLX, THUMB_BLX -> exchange();
      case THUMB_ADD, THUMB_MOV -> processInThumb();
      case THUMB_BL_PREFIX -> {
        e.cpu();
        e.baseAnd(now.next() + 4 + (word() << 21 >> 9));
        e.put("r14");
      }
      case THUMB_BL_SUFFIX, THUMB_BLX_SUFFIX -> suffix();
      case NODE -> byNode();
      case SHIFTED -> shifted();
      default -> call();
    }
  }

  // ---- data processing

  private void process() {
    if (rd() == PC) {
      result();
      b.loadConstant(~3).iand();
      jumpComputed();
      return;
    }
    e.cpu();
    result();
    e.putRegister(rd());
  }

  private void left() {
    e.register(rn(), now.next());
  }

  private void processInThumb() {
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
      jumpComputed();
    } else {
      e.cpu();
      result.run();
      e.putRegister(rd());
    }
  }

  private void right() {
    new ShifterWriter(e, word(), now.next()).value();
  }

  /** Pushes the result of an operation that sets no flags. */
  private void result() {
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

  /** An operand that is shifted by a register: written out if no flags are set. */
  private void shifted() {
    boolean namesPc = rn() == PC || rd() == PC || (word() & 15) == PC || (word() >>> 8 & 15) == PC;
    int operation = word() >>> 21 & 15;
    if (has(SETS_FLAGS) || namesPc || operation >= 5 && operation <= 7) {
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

  private void carry() {
    e.cpu();
    e.call("carry", CD_int);
  }

  private boolean writesPcWithFlags() {
    return rd() == PC && !isTest();
  }

  private boolean isTest() {
    return switch (now.operation()) {
      case TST, TEQ, CMP, CMN -> true;
      default -> false;
    };
  }

  private void logical() {
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
    if (shifter.setsCarry() && Flags.isLive(block, at, Flags.CV)) {
      e.cpu();
      shifter.carry();
      e.setCarry();
    }
    compared = false;
    signAndZero();
    writeResult();
  }

  /** Sets N and Z by the result, if anybody may see them. */
  private void signAndZero() {
    if (Flags.isLive(block, at, Flags.NZ)) {
      e.cpu();
      b.iload(Emitter.RESULT);
      e.put("n");
      e.cpu();
      b.iload(Emitter.RESULT);
      e.put("z");
    }
  }

  private void writeResult() {
    if (!isTest()) {
      e.cpu();
      b.iload(Emitter.RESULT);
      e.putRegister(rd());
    }
  }

  private void subtract() {
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

  private void add() {
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

  private void multiply() {
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

  // ---- memory

  /** Leaves the address of an access in {@link Emitter#ADDRESS}, that written back in INDEXED. */
  private void address(boolean byHalf) {
    boolean writes = writesBack();
    left();
    if (!has(PRE)) {
      b.dup().istore(Emitter.ADDRESS);
    }
    if (has(PRE) || writes) {
      offset(byHalf);
      b.istore(has(PRE) ? Emitter.ADDRESS : Emitter.INDEXED);
    } else {
      b.pop();
    }
  }

  private boolean writesBack() {
    return (word() & (PRE | WRITES_BACK)) != PRE && rn() != PC;
  }

  /** Adds the offset to the base on the stack. */
  private void offset(boolean byHalf) {
    boolean immediate = byHalf ? has(1 << 22) : !has(IMMEDIATE);
    int constant = byHalf ? word() >>> 4 & 0xf0 | word() & 15 : word() & 0xfff;
    if (immediate) {
      if (constant != 0) {
        b.loadConstant(has(UP) ? constant : -constant).iadd();
      }
      return;
    }
    if (byHalf) {
      e.register(word() & 15, now.next());
    } else {
      new ShifterWriter(e, word() & ~IMMEDIATE, now.next()).value();
    }
    if (has(UP)) {
      b.iadd();
    } else {
      b.isub();
    }
  }

  private void writeBack() {
    if (writesBack()) {
      e.cpu();
      b.iload(has(PRE) ? Emitter.ADDRESS : Emitter.INDEXED);
      e.putRegister(rn());
    }
  }

  private boolean isAsUser() {
    return switch (now.operation()) {
      case LDR, LDRB, STR, STRB -> WordOperands.isAsUser(word());
      default -> false;
    };
  }

  /** Has the instruction done by its node unless the access takes the fast path. */
  private void check(boolean stores, int mask) {
    e.entry(stores, 0);
    b.istore(Emitter.ENTRY);
    e.misses(mask);
    b.ifne(exits.slow(where()));
  }

  /** The place of the instruction, and above it the instructions to the end of the block. */
  private int where() {
    return now.place() | block.size() - at << 10;
  }

  private void load() {
    if (isAsUser()) {
      slowly();
      return;
    }
    WordOperation operation = now.operation();
    address(operation != WordOperation.LDR && operation != WordOperation.LDRB);
    int size = operation == WordOperation.LDR ? 4 : isByte() ? 1 : 2;
    check(false, size - 1);
    if (rd() == PC) {
      value();
      e.exchange();
      b.istore(Emitter.RESULT);
      writeBack();
      b.iload(Emitter.RESULT);
      jumpComputed();
    } else if (writesBack()) {
      value();
      b.istore(Emitter.RESULT);
      writeBack();
      e.cpu();
      b.iload(Emitter.RESULT);
      e.putRegister(rd());
    } else {
      e.cpu();
      value();
      e.putRegister(rd());
    }
  }

  /** Pushes what is loaded. */
  private void value() {
    e.unsafe();
    e.place();
    switch (now.operation()) {
      case LDR -> e.get("getInt", CD_int);
      case LDRB -> {
        e.get("getByte", CD_byte);
        b.loadConstant(0xff).iand();
      }
      case LDRH -> e.get("getChar", CD_char);
      case LDRSB -> e.get("getByte", CD_byte);
      default -> e.get("getShort", CD_short);
    }
  }

  private boolean isByte() {
    return switch (now.operation()) {
      case LDRB, LDRSB, STRB -> true;
      default -> false;
    };
  }

  private void store() {
    if (isAsUser() || now.operation() == WordOperation.STRH && rd() == PC) {
      slowly();
      return;
    }
    WordOperation operation = now.operation();
    address(operation == WordOperation.STRH);
    int size = operation == WordOperation.STR ? 4 : isByte() ? 1 : 2;
    check(true, size - 1);
    e.unsafe();
    e.place();
    if (rd() == PC) {
      e.baseAnd(now.next() + 8);
    } else {
      e.field(rd());
    }
    switch (size) {
      case 1 -> {
        b.i2b();
        e.put("putByte", CD_byte);
      }
      case 2 -> {
        b.i2s();
        e.put("putShort", CD_short);
      }
      default -> e.put("putInt", CD_int);
    }
    writeBack();
  }

  // ---- several words

  private void loadMultiple() {
    int list = word() & 0xffff;
    if (rn() == PC || list == 0) {
      slowly();
      return;
    }
    block(list, false);
    for (int left = list & 0x7fff; left != 0; left &= left - 1) {
      int register = Integer.numberOfTrailingZeros(left);
      e.cpu();
      e.hostWord(4 * Integer.bitCount(list & (1 << register) - 1));
      e.putRegister(register);
    }
    if (list >>> PC != 0) {
      e.hostWord(4 * (Integer.bitCount(list) - 1));
      e.exchange();
      b.istore(Emitter.RESULT);
    }
    if ((list >>> rn() & 1) == 0) {
      stepBase(list);
    }
    if (list >>> PC != 0) {
      b.iload(Emitter.RESULT);
      jumpComputed();
    }
  }

  private void storeMultiple() {
    int list = word() & 0xffff;
    if (rn() == PC || list == 0) {
      slowly();
      return;
    }
    block(list, true);
    for (int left = list; left != 0; left &= left - 1) {
      int register = Integer.numberOfTrailingZeros(left);
      e.hostAddress(4 * Integer.bitCount(list & (1 << register) - 1));
      if (register == PC) {
        e.baseAnd(now.next() + 8);
      } else {
        e.field(register);
      }
      e.put("putInt", CD_int);
    }
    stepBase(list);
  }

  /** Leaves the base in {@link Emitter#INDEXED} and the host address of the words in HOST. */
  private void block(int list, boolean stores) {
    int bytes = 4 * Integer.bitCount(list);
    e.field(rn());
    b.dup().istore(Emitter.INDEXED);
    b.loadConstant(WordOperands.lowest(word(), bytes)).iadd().istore(Emitter.ADDRESS);
    check(stores, 3);
    if (bytes > 4) {
      e.entry(stores, bytes - 4);
      b.iload(Emitter.ENTRY);
      b.if_icmpne(exits.slow(where()));
    }
    e.place();
    e.host();
  }

  private void stepBase(int list) {
    if (has(WRITES_BACK)) {
      int bytes = 4 * Integer.bitCount(list);
      e.cpu();
      b.iload(Emitter.INDEXED).loadConstant(has(UP) ? bytes : -bytes).iadd();
      e.putRegister(rn());
    }
  }

  // ---- jumps

  private void branch() {
    boolean isThumb = now.operation() == WordOperation.THUMB_B;
    if (now.operation() == WordOperation.BL) {
      e.cpu();
      e.baseAnd(now.next());
      e.put("r14");
    }
    int distance = isThumb ? word() << 8 >> 7 : word() << 8 >> 6;
    int target = now.next() + 4 + distance;
    b.goto_(exits.to(isThumb ? target | 1 : target));
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
    }
    jumpComputed();
  }

  /** The second half of a call in Thumb. */
  private void suffix() {
    boolean toArm = now.operation() == WordOperation.THUMB_BLX_SUFFIX;
    int low = 2 * (word() & 0x7ff);
    Instruction before = at == 0 ? null : block.get(at - 1);
    boolean isWhole = before != null && before.operation() == WordOperation.THUMB_BL_PREFIX;
    if (!isWhole) {
      e.field(14);
      b.loadConstant(low).iadd().istore(Emitter.RESULT);
    }
    e.cpu();
    e.baseAnd(now.next() + 2 | 1);
    e.put("r14");
    if (!isWhole) {
      b.iload(Emitter.RESULT).loadConstant(toArm ? ~3 : -1).iand();
      if (!toArm) {
        b.iconst_1().ior();
      }
      jumpComputed();
      return;
    }
    int target = before.next() + 4 + (before.word() << 21 >> 9) + low;
    b.goto_(exits.to(toArm ? target & ~3 : target | 1));
  }

  /** Leaves for the address on the stack. */
  private void jumpComputed() {
    b.istore(Emitter.RESULT);
    e.cpu();
    b.iload(Emitter.RESULT);
    e.put("pc");
    b.loadConstant(now.place() + 1).ireturn();
  }

  // ---- what is not written out

  /** Calls the operation of the interpreter, which goes on with the next instruction. */
  private void call() {
    compared = false;
    b.loadConstant(now.operation().ordinal());
    e.cpu();
    b.loadConstant(word());
    e.baseAnd(now.next());
    e.operate();
    e.baseAnd(now.next());
    b.if_icmpne(exits.slow(where()));
  }

  /** Has the instruction done by its node, always. */
  private void slowly() {
    compared = false;
    e.slow(where());
    b.ifeq(exits.left());
  }

  private void byNode() {
    slowly();
    if (!now.plain()) {
      b.goto_(exits.left());
    }
  }

  private static boolean writesFlags(Instruction one) {
    return Flags.written(one) != 0;
  }

  /** The ways out of a block. */
  interface Exits {
    /** Returns where an instruction is done by its node and the code is left. */
    Label slow(int where);

    /** Returns where the code is left, with the PC set. */
    Label left();

    /** Returns where to jump for a place in the granule, or outside. */
    Label to(int place);
  }
}
