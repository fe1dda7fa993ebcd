package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.IMMEDIATE;
import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.cold.WordOperands.PRE;
import static org.curios.arm.cold.WordOperands.UP;
import static org.curios.arm.cold.WordOperands.WRITES_BACK;

import java.util.function.IntConsumer;
import org.curios.arm.bus.Bus;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.warm.Assembler.Label;

/** Writes loads and stores (ARM DDI 0100, A5.2 to A5.4). */
abstract class AccessWriter extends DataWriter {
  AccessWriter(Emitter emitter, Exits exits) {
    super(emitter, exits);
  }

  /**
   * Computes the address of an access into {@link Emitter#ADDRESS}, and the written-back one into
   * INDEXED.
   */
  void address(boolean byHalf) {
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

  /** Adds the offset to the base on the stack. */
  void offset(boolean byHalf) {
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

  void writeBack() {
    if (writesBack()) {
      e.cpu();
      b.iload(has(PRE) ? Emitter.ADDRESS : Emitter.INDEXED);
      e.putRegister(rn());
    }
  }

  /** Executes the instruction by its node unless the access takes the fast path. */
  void check(boolean stores, int mask) {
    e.entry(stores, isAsUser(), 0);
    b.istore(Emitter.ENTRY);
    if (mask == 0) {
      b.iload(Emitter.ENTRY).iconst_1().iand().ifeq(exits.slow(where()));
    } else {
      e.isFast(mask);
      b.ifge(exits.slow(where()));
    }
  }

  void load() {
    if (now.literal() >= 0) {
      e.cpu();
      b.loadConstant(exits.literal(now));
      e.putRegister(rd());
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
      jumpComputed(rn() == 13 ? Jump.RETURN : callOrOther());
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

  /** Pushes the loaded value. */
  void value() {
    e.unsafe();
    e.place();
    switch (now.operation()) {
      case LDR -> e.get("getInt", "I");
      case LDRB -> {
        e.get("getByte", "B");
        b.loadConstant(0xff).iand();
      }
      case LDRH -> e.get("getChar", "C");
      case LDRSB -> e.get("getByte", "B");
      default -> e.get("getShort", "S");
    }
  }

  void store() {
    if (now.operation() == WordOperation.STRH && rd() == PC) {
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
        e.put("putByte", "B");
      }
      case 2 -> {
        b.i2s();
        e.put("putShort", "S");
      }
      default -> e.put("putInt", "I");
    }
    writeBack();
  }

  // ---- several words

  void loadMultiple() {
    int list = word() & 0xffff;
    if (rn() == PC || list == 0) {
      slowly();
      return;
    }
    Label done = b.newLabel();
    loadWords(list, done);
    if (list >>> PC != 0) {
      e.exchange();
      jumpComputed(Jump.RETURN);
    }
    b.labelBinding(done);
  }

  /**
   * Loads registers and steps the base; pushes the value of R15 if it is one of them.
   *
   * @param done as {@link #block} has it
   */
  void loadWords(int list, Label done) {
    block(list, false, done);
    for (int left = list & 0x7fff; left != 0; left &= left - 1) {
      e.cpu();
      e.hostWord();
      e.putRegister(Integer.numberOfTrailingZeros(left));
      if ((left & left - 1 | list >>> PC) != 0) {
        e.step();
      }
    }
    if (list >>> PC != 0) {
      e.hostWord();
    }
    if ((list >>> rn() & 1) == 0) {
      stepBase(list);
    }
  }

  void storeMultiple() {
    int list = word() & 0xffff;
    if (rn() == PC || list == 0) {
      slowly();
      return;
    }
    Label done = b.newLabel();
    block(list, true, done);
    storeWords(
        list,
        register -> {
          if (register == PC) {
            e.baseAnd(now.next() + 8);
          } else {
            e.field(register);
          }
        });
    stepBase(list);
    b.labelBinding(done);
  }

  /**
   * Stores registers to the words from the host address on.
   *
   * @param push pushes the value of a register
   */
  void storeWords(int list, IntConsumer push) {
    for (int left = list; left != 0; left &= left - 1) {
      e.hostAddress();
      push.accept(Integer.numberOfTrailingZeros(left));
      e.put("putInt", "I");
      step(left);
    }
  }

  /** Steps the host address unless only one register is left of a list. */
  void step(int left) {
    if ((left & left - 1) != 0) {
      e.step();
    }
  }

  /**
   * Leaves the base in {@link Emitter#INDEXED} and the host address of the words in HOST. Words in
   * two pages are left to the operation of the interpreter, without R15.
   *
   * @param done where to continue then
   */
  void block(int list, boolean stores, Label done) {
    Instruction instruction = now;
    int bytes = 4 * Integer.bitCount(list);
    e.field(rn());
    b.dup().istore(Emitter.INDEXED);
    b.loadConstant(WordOperands.lowest(word(), bytes)).iadd().istore(Emitter.ADDRESS);
    check(stores, 3);
    if (bytes > 4) {
      Label crosses = b.newLabel();
      Label together = b.newLabel();
      Label slow = exits.slow(where());
      b.iload(Emitter.ADDRESS).loadConstant(Bus.GRANULE - 1).iand();
      b.loadConstant(Bus.GRANULE - bytes).if_icmpgt(crosses);
      b.labelBinding(together);
      exits.later(() -> {
        b.labelBinding(crosses);
        e.entry(stores, false, bytes - 4);
        b.iload(Emitter.ENTRY).if_icmpeq(together);
        if (list >>> PC != 0) {
          b.goto_(slow);
          return;
        }
        e.operate(instruction);
        b.if_icmpne(slow).goto_(done);
      });
    }
    e.place();
    e.host();
    if (bytes > 4) {
      e.beginSteps();
    }
  }

  void stepBase(int list) {
    if (has(WRITES_BACK)) {
      int bytes = 4 * Integer.bitCount(list);
      e.cpu();
      b.iload(Emitter.INDEXED).loadConstant(has(UP) ? bytes : -bytes).iadd();
      e.putRegister(rn());
    }
  }
}
