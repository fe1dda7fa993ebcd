package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

/** {@code QADD, QSUB, QDADD, QDSUB <Rd>, <Rm>, <Rn>} (ARM DDI 0100, A4.1.41 and following). */
public final class SaturatingNode extends InstructionNode {
  private final boolean doubles;
  private final boolean subtracts;
  private final short rd;
  private final short rn;
  private final short rm;

  public SaturatingNode(int pc, boolean doubles, boolean subtracts, int rd, int rn, int rm) {
    super(pc);
    this.doubles = doubles;
    this.subtracts = subtracts;
    this.rd = offset(rd);
    this.rn = offset(rn);
    this.rm = offset(rm);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    long right = r.get(rn);
    if (doubles) {
      right = saturate(r, 2 * right);
    }
    long left = r.get(rm);
    r.set(rd, saturate(r, subtracts ? left - right : left + right));
  }

  private static int saturate(Registers r, long value) {
    if (value == (int) value) {
      return (int) value;
    }
    r.q = 1;
    return value < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
  }

  @Override
  public boolean isLocal() {
    return true;
  }
}
