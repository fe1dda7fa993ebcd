package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.IMMEDIATE;
import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.cold.WordOperands.PRE;
import static org.curios.arm.cold.WordOperands.UP;
import static org.curios.arm.cold.WordOperands.WRITES_BACK;
import static org.curios.arm.warm.Amd64.*;

import org.curios.arm.bus.Bus;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.cold.WordOperation;
import org.curios.arm.core.TranslationTable;

/**
 * Writes loads and stores (ARM DDI 0100, A5.2 to A5.4). RAX is the address, and RDX the base that
 * is written back if that is not the address. An access whose entry is the usual one needs nothing
 * of the entry but that comparison, so the host can begin it before it has the entry. Any other
 * valid entry is added to the address.
 */
abstract class HostAccessWriter extends HostProductWriter {
  // How the access that is written reaches memory: a register and an index, at a distance.
  private int base;
  private int index;
  private int distance;

  /** A register that is free in it. */
  private int scratch;

  HostAccessWriter(Amd64 assembler, HostWriter code) {
    super(assembler, code);
  }

  /** Computes the address, and the base to write back. */
  void address(boolean byHalf) {
    boolean immediate = byHalf ? has(1 << 22) : !has(IMMEDIATE);
    int base = operand(rn(), RAX);
    if (has(PRE) || !writesBack()) {
      offset(immediate, byHalf, has(PRE), RAX, base);
    } else {
      offset(immediate, byHalf, true, RDX, base);
      a.move(RAX, base);
    }
  }

  private void offset(boolean immediate, boolean byHalf, boolean adds, int to, int base) {
    if (!adds) {
      a.move(to, base);
    } else if (immediate) {
      int constant = byHalf ? word() >>> 4 & 0xf0 | word() & 15 : word() & 0xfff;
      int signed = has(UP) ? constant : -constant;
      if (isField(base)) {
        a.move(to, base);
        a.sum(to, to, signed);
      } else {
        a.sum(to, base, signed);
      }
    } else {
      int index = byHalf ? operand(rm(), RCX) : shiftedIndex();
      if (has(UP) && !isField(base) && !isField(index)) {
        a.sumOf(to, base, index);
      } else {
        a.move(to, base);
        a.operate(has(UP) ? ADD : SUB, to, index);
      }
    }
  }

  private int shiftedIndex() {
    if (kind() == 1 && amount() == 0) {
      a.moveConstant(RCX, 0);
      return RCX;
    }
    return right(RCX);
  }

  private void writeBack() {
    if (writesBack()) {
      put(rn(), has(PRE) ? RAX : RDX);
    }
  }

  /**
   * Writes an access; the instruction is executed by its node if that has no fast path.
   *
   * @param mask bits of the address that must be 0
   * @param transfer writes the access itself, more than once
   */
  private void access(boolean stores, int mask, Runnable transfer) {
    Label slow = slow();
    loadEntry(stores, mask, slow);
    Label done = new Label();
    transferUsually(transfer, slow, done);
    a.bind(done);
  }

  /** Loads the entry of the granule of the address into RCX, and tests bits of the address. */
  private void loadEntry(boolean stores, int mask, Label slow) {
    int half = stores ? TranslationTable.STORES : 0;
    a.move(RCX, RAX);
    a.shift(SHR, RCX, Bus.GRANULE_SHIFT);
    if (isAsUser()) {
      a.shiftLong(SHL, RCX, 3);
      a.addLong(RCX, field(HostArea.USER_ENTRIES));
      a.loadBased(RCX, RCX, half);
    } else {
      a.loadIndexed(RCX, HostArea.ENTRIES_REGISTER, RCX, 8, half);
    }
    if (mask != 0) {
      a.testBits(RAX, mask);
      a.jumpIf(NOT_EQUAL, slow);
    }
  }

  /** Writes a transfer by the entry in RCX, and apart from it the one by another entry. */
  private void transferUsually(Runnable transfer, Label slow, Label done) {
    if (!code.isUsual() || isAsUser()) {
      addEntry(slow);
      transfer.run();
      return;
    }
    Label other = new Label();
    a.operate(CMP, RCX, field(HostArea.USUAL_ENTRY));
    a.jumpIf(NOT_EQUAL, other);
    base = HostArea.USUAL_REGISTER;
    index = RAX;
    distance = 0;
    scratch = RCX;
    transfer.run();
    later(
        other,
        () -> {
          addEntry(slow);
          transfer.run();
          a.jump(done);
        });
  }

  /** Writes code apart from the block that belongs to the current instruction. */
  private void later(Label label, Runnable more) {
    Instruction instruction = now;
    code.later(() -> {
      now = instruction;
      a.bind(label);
      more.run();
    });
  }

  /** Tests the entry in RCX, and adds the address to it. */
  private void addEntry(Label slow) {
    a.testBits(RCX, 1);
    a.jumpIf(EQUAL, slow);
    a.operate(ADD, RCX, RAX);
    base = CONTEXT;
    index = RCX;
    distance = code.ramDistance();
    scratch = has(PRE) && writesBack() ? RDX : RAX;
  }

  void load() {
    if (now.literal() >= 0) {
      a.moveConstant(HostArea.register(rd()), code.literal(now));
      return;
    }
    WordOperation operation = now.operation();
    address(operation != WordOperation.LDR && operation != WordOperation.LDRB);
    int mask = operation == WordOperation.LDR ? 3 : isByte() ? 0 : 1;
    if (rd() == PC) {
      access(false, mask, () -> value(RCX));
      writeBack();
      a.move(RAX, RCX);
      exchange();
      jumpComputed();
      return;
    }
    int to = HostArea.register(rd());
    int register = isField(to) || writesBack() ? RCX : to;
    access(false, mask, () -> value(register));
    writeBack();
    a.store(to, register);
  }

  /** Loads the value. */
  private void value(int to) {
    switch (now.operation()) {
      case LDR -> a.loadIndexed(to, base, index, 1, distance);
      case LDRB -> a.loadPart(to, base, index, distance, true, false);
      case LDRH -> a.loadPart(to, base, index, distance, false, false);
      case LDRSB -> a.loadPart(to, base, index, distance, true, true);
      default -> a.loadPart(to, base, index, distance, false, true);
    }
  }

  void store() {
    WordOperation operation = now.operation();
    if (operation == WordOperation.STRH && rd() == PC) {
      slowly();
      return;
    }
    address(operation == WordOperation.STRH);
    access(true, operation == WordOperation.STR ? 3 : isByte() ? 0 : 1, this::storeValue);
    writeBack();
  }

  private void storeValue() {
    int from = stored(rd());
    switch (now.operation()) {
      case STR -> a.storeIndexed(from, base, index, distance);
      case STRB -> a.storeByte(from, base, index, distance);
      default -> a.storeShort(from, base, index, distance);
    }
  }

  /** Returns a host register with what a store takes from a register of the guest. */
  private int stored(int register) {
    if (register == PC) {
      address(scratch, now.next() + 8);
      return scratch;
    }
    return inRegister(HostArea.register(register), scratch);
  }

  // ---- doublewords

  void loadDouble() {
    address(true);
    access(
        false,
        7,
        () -> {
          writeBack();
          a.loadIndexed(RDX, base, index, 1, distance);
          a.loadIndexed(index, base, index, 1, distance + 4);
          put(rd(), RDX);
          put(rd() + 1, index);
        });
  }

  void storeDouble() {
    address(true);
    access(
        true,
        7,
        () -> {
          for (int i = 0; i < 2; i++) {
            a.storeIndexed(stored(rd() + i), base, index, distance + 4 * i);
          }
        });
    writeBack();
  }

  // ---- several words

  void loadMultiple() {
    int list = word() & 0xffff;
    if (rn() == PC || list == 0) {
      slowly();
      return;
    }
    loadWords(list);
    if (list >>> PC != 0) {
      exchange();
      jumpComputed();
    }
  }

  /** Loads registers and steps the base; R15, if it is one of them, into RAX. */
  private void loadWords(int list) {
    block(list, false, this::loadWord);
    if ((list >>> rn() & 1) == 0) {
      stepBase(list);
    }
  }

  private void loadWord(int register, int at) {
    int to = register == PC ? RAX : HostArea.register(register);
    int host = isField(to) ? scratch : to;
    a.loadIndexed(host, base, index, 1, distance + at);
    a.store(to, host);
  }

  void storeMultiple() {
    int list = word() & 0xffff;
    if (rn() == PC || list == 0) {
      slowly();
      return;
    }
    block(
        list, true, (register, at) -> a.storeIndexed(stored(register), base, index, distance + at));
    stepBase(list);
  }

  /** Writes the transfer of one word at a distance; may change the scratch register. */
  private interface Transfer {
    void write(int register, int at);
  }

  /** Transfers registers from or to consecutive words, the lowest first. */
  private void block(int list, boolean stores, Transfer transfer) {
    int bytes = 4 * Integer.bitCount(list);
    int lowest = WordOperands.lowest(word(), bytes);
    a.move(RAX, operand(rn(), RAX));
    if (lowest != 0) {
      a.sum(RAX, RAX, lowest);
    }
    Label slow = slow();
    Label done = new Label();
    loadEntry(stores, 3, slow);
    if (bytes > 4) {
      Label crosses = new Label();
      a.move(RDX, RAX);
      a.operateConstant(AND, RDX, Bus.GRANULE - 1);
      a.operateConstant(CMP, RDX, Bus.GRANULE - bytes);
      a.jumpIf(ABOVE, crosses);
      later(
          crosses,
          () -> {
            addEntry(slow);
            transferAcross(list, stores, transfer, slow);
            a.jump(done);
          });
    }
    transferUsually(
        () -> {
          int at = 0;
          for (int left = list; left != 0; left &= left - 1) {
            transfer.write(Integer.numberOfTrailingZeros(left), at);
            at += 4;
          }
        },
        slow,
        done);
    a.bind(done);
  }

  /** The same for words in two granules; RDX is the distance of the first one in its granule. */
  private void transferAcross(int list, boolean stores, Transfer transfer, Label slow) {
    scratch = RAX;
    a.operateConstant(SUB, RDX, Bus.GRANULE);
    a.store(field(HostArea.SPLIT), RDX); // minus the bytes in the first granule
    a.sum(RDX, RAX, 4 * Integer.bitCount(list) - 4);
    a.shift(SHR, RDX, Bus.GRANULE_SHIFT);
    int half = stores ? TranslationTable.STORES : 0;
    a.loadIndexed(RDX, HostArea.ENTRIES_REGISTER, RDX, 8, half);
    a.testBits(RDX, 1);
    a.jumpIf(EQUAL, slow);
    a.operate(ADD, RDX, RAX);
    a.jumpIf(SIGN, slow); // before the beginning of RAM: the second granule is its first one
    int at = 0;
    for (int left = list; left != 0; left &= left - 1) {
      if (at != 0) {
        a.operateConstant(CMP, field(HostArea.SPLIT), -at);
        a.moveIf(NOT_LESS, RCX, RDX);
      }
      transfer.write(Integer.numberOfTrailingZeros(left), at);
      at += 4;
    }
  }

  private void stepBase(int list) {
    if (has(WRITES_BACK)) {
      int bytes = 4 * Integer.bitCount(list);
      a.operateConstant(ADD, HostArea.register(rn()), has(UP) ? bytes : -bytes);
    }
  }
}
