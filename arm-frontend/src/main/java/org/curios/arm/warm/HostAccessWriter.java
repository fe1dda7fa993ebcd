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
 * Writes loads and stores (ARM DDI 0100, A5.2 to A5.4). RAX is the address, RCX the sum of the
 * address and its entry, which {@link HostArea#BIAS_REGISTER} turns into a host address, and RDX
 * the base that is written back if that is not the address.
 */
abstract class HostAccessWriter extends HostProductWriter {
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

  /** Executes the instruction by its node unless the access takes the fast path. */
  void check(boolean stores, int mask) {
    Label slow = slow();
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
    a.testBits(RCX, 1);
    a.jumpIf(EQUAL, slow);
    a.operate(ADD, RCX, RAX);
  }

  void load() {
    if (now.literal() >= 0) {
      a.moveConstant(HostArea.register(rd()), code.literal(now));
      return;
    }
    WordOperation operation = now.operation();
    address(operation != WordOperation.LDR && operation != WordOperation.LDRB);
    check(false, operation == WordOperation.LDR ? 3 : isByte() ? 0 : 1);
    if (rd() == PC) {
      value(RCX);
      writeBack();
      a.move(RAX, RCX);
      exchange();
      jumpComputed();
      return;
    }
    int to = HostArea.register(rd());
    int register = isField(to) || writesBack() ? RCX : to;
    value(register);
    writeBack();
    a.store(to, register);
  }

  /** Loads the value. */
  private void value(int to) {
    int bias = HostArea.BIAS_REGISTER;
    switch (now.operation()) {
      case LDR -> a.loadIndexed(to, bias, RCX, 1, 0);
      case LDRB -> a.loadPart(to, bias, RCX, true, false);
      case LDRH -> a.loadPart(to, bias, RCX, false, false);
      case LDRSB -> a.loadPart(to, bias, RCX, true, true);
      default -> a.loadPart(to, bias, RCX, false, true);
    }
  }

  void store() {
    WordOperation operation = now.operation();
    if (operation == WordOperation.STRH && rd() == PC) {
      slowly();
      return;
    }
    address(operation == WordOperation.STRH);
    check(true, operation == WordOperation.STR ? 3 : isByte() ? 0 : 1);
    boolean keepsAddress = writesBack() && has(PRE);
    int scratch = keepsAddress ? RDX : RAX;
    int from;
    if (rd() == PC) {
      address(scratch, now.next() + 8);
      from = scratch;
    } else {
      from = inRegister(HostArea.register(rd()), scratch);
    }
    switch (operation) {
      case STR -> a.storeIndexed(from, HostArea.BIAS_REGISTER, RCX, 0);
      case STRB -> a.storeByte(from, HostArea.BIAS_REGISTER, RCX);
      default -> a.storeShort(from, HostArea.BIAS_REGISTER, RCX);
    }
    writeBack();
  }

  // ---- doublewords

  void loadDouble() {
    address(true);
    check(false, 7);
    writeBack();
    a.loadIndexed(RAX, HostArea.BIAS_REGISTER, RCX, 1, 0);
    a.loadIndexed(RCX, HostArea.BIAS_REGISTER, RCX, 1, 4);
    put(rd(), RAX);
    put(rd() + 1, RCX);
  }

  void storeDouble() {
    address(true);
    check(true, 7);
    int scratch = !has(PRE) && writesBack() ? RAX : RDX;
    for (int i = 0; i < 2; i++) {
      int from = inRegister(HostArea.register(rd() + i), scratch);
      a.storeIndexed(from, HostArea.BIAS_REGISTER, RCX, 4 * i);
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

  private void loadWord(int register, int distance) {
    int to = register == PC ? RAX : HostArea.register(register);
    int host = isField(to) ? RAX : to;
    a.loadIndexed(host, HostArea.BIAS_REGISTER, RCX, 1, distance);
    a.store(to, host);
  }

  void storeMultiple() {
    int list = word() & 0xffff;
    if (rn() == PC || list == 0) {
      slowly();
      return;
    }
    Instruction instruction = now;
    block(
        list,
        true,
        (register, distance) -> {
          int from;
          if (register == PC) {
            address(RAX, instruction.next() + 8);
            from = RAX;
          } else {
            from = inRegister(HostArea.register(register), RAX);
          }
          a.storeIndexed(from, HostArea.BIAS_REGISTER, RCX, distance);
        });
    stepBase(list);
  }

  /** Writes the transfer of one word, which may change RAX. */
  private interface Transfer {
    void write(int register, int distance);
  }

  /** Transfers registers from or to consecutive words, the lowest first. */
  private void block(int list, boolean stores, Transfer transfer) {
    int bytes = 4 * Integer.bitCount(list);
    int base = operand(rn(), RAX);
    int lowest = WordOperands.lowest(word(), bytes);
    a.move(RAX, base);
    if (lowest != 0) {
      a.sum(RAX, RAX, lowest);
    }
    check(stores, 3);
    Label done = new Label();
    if (bytes > 4) {
      Label crosses = new Label();
      Label slow = slow();
      a.move(RDX, RAX);
      a.operateConstant(AND, RDX, Bus.GRANULE - 1);
      a.operateConstant(CMP, RDX, Bus.GRANULE - bytes);
      a.jumpIf(ABOVE, crosses);
      code.later(() -> {
        a.bind(crosses);
        transferAcross(list, stores, transfer, slow);
        a.jump(done);
      });
    }
    int distance = 0;
    for (int left = list; left != 0; left &= left - 1) {
      transfer.write(Integer.numberOfTrailingZeros(left), distance);
      distance += 4;
    }
    a.bind(done);
  }

  /** The same for words in two granules; RDX is the distance of the first one in its granule. */
  private void transferAcross(int list, boolean stores, Transfer transfer, Label slow) {
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
    int distance = 0;
    for (int left = list; left != 0; left &= left - 1) {
      if (distance != 0) {
        a.operateConstant(CMP, field(HostArea.SPLIT), -distance);
        a.moveIf(NOT_LESS, RCX, RDX);
      }
      transfer.write(Integer.numberOfTrailingZeros(left), distance);
      distance += 4;
    }
  }

  private void stepBase(int list) {
    if (has(WRITES_BACK)) {
      int bytes = 4 * Integer.bitCount(list);
      a.operateConstant(ADD, HostArea.register(rn()), has(UP) ? bytes : -bytes);
    }
  }
}
