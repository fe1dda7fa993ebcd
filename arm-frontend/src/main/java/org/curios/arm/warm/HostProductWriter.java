package org.curios.arm.warm;

import static org.curios.arm.cold.WordOperands.PC;
import static org.curios.arm.cold.WordOperands.SETS_FLAGS;
import static org.curios.arm.warm.Amd64.*;

import org.curios.arm.cold.WordOperation;

/** Writes products and CLZ (ARM DDI 0100, A4.1). */
abstract class HostProductWriter extends HostDataWriter {
  HostProductWriter(Amd64 assembler, HostWriter code) {
    super(assembler, code);
  }

  void multiply() {
    if (namesPc()) {
      slowly();
      return;
    }
    a.move(RAX, HostArea.register(rm()));
    a.multiply(RAX, HostArea.register(rs()));
    if (now.operation() == WordOperation.MLA) {
      a.operate(ADD, RAX, HostArea.register(rd()));
    }
    if (has(SETS_FLAGS)) {
      compared = false;
      signAndZero();
      a.forgetFlags();
    }
    put(rn(), RAX);
  }

  void multiplyLong() {
    if (namesPc() || has(SETS_FLAGS)) {
      slowly();
      return;
    }
    a.move(RAX, HostArea.register(rm()));
    a.multiplyLong(HostArea.register(rs()), has(1 << 22));
    if (has(1 << 21)) {
      a.operate(ADD, RAX, HostArea.register(rd()));
      a.operate(ADC, RDX, HostArea.register(rn()));
    }
    put(rd(), RAX);
    put(rn(), RDX);
  }

  /** SMLAxy, SMLAWy, SMULWy, SMLALxy and SMULxy. */
  void multiplyHalves() {
    if (namesPc()) {
      slowly();
      return;
    }
    boolean high = has(1 << 5);
    int kind = word() >>> 21 & 3;
    half(RCX, rs(), has(1 << 6));
    if (kind == 1) {
      a.moveSigned(RCX, RCX);
      a.moveSigned(RAX, HostArea.register(rm()));
      a.multiplyWide(RAX, RCX);
      a.shiftLong(SAR, RAX, 16);
    } else {
      half(RAX, rm(), high);
      a.multiply(RAX, RCX);
    }
    if (kind == 2) {
      a.move(RDX, RAX);
      a.shift(SAR, RDX, 31);
      a.operate(ADD, RAX, HostArea.register(rd()));
      a.operate(ADC, RDX, HostArea.register(rn()));
      put(rd(), RAX);
      put(rn(), RDX);
      return;
    }
    if (kind == 0 || kind == 1 && !high) {
      a.operate(ADD, RAX, HostArea.register(rd()));
      a.set(OVERFLOW, RCX);
      a.extendByte(RCX, RCX);
      a.operate(OR, field(HostArea.Q), RCX);
    }
    put(rn(), RAX);
  }

  private void half(int to, int register, boolean high) {
    if (high) {
      a.move(to, HostArea.register(register));
      a.shift(SAR, to, 16);
    } else {
      a.extendShort(to, HostArea.register(register));
    }
  }

  /** CLZ: the host's search for the highest bit set leaves its result undefined for 0. */
  void countLeadingZeros() {
    if (rd() == PC || rm() == PC) {
      slowly();
      return;
    }
    a.moveConstant(RCX, 63);
    a.highestBit(RAX, HostArea.register(rm()));
    a.moveIf(EQUAL, RAX, RCX);
    a.operateConstant(XOR, RAX, 31);
    put(rd(), RAX);
  }
}
