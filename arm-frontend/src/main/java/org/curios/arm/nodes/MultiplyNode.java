package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;

/**
 * {@code MUL{S} <Rd>, <Rm>, <Rs>} and {@code MLA{S} <Rd>, <Rm>, <Rs>, <Rn>} (ARM DDI 0100, A4.1.34,
 * A4.1.40).
 */
public final class MultiplyNode extends InstructionNode {
  private final boolean accumulates;
  private final boolean setsFlags;
  private final short rd;
  private final short rn;
  private final short rm;
  private final short rs;

  public MultiplyNode(
      int pc, boolean accumulates, boolean setsFlags, int rd, int rn, int rm, int rs) {
    super(pc);
    this.accumulates = accumulates;
    this.setsFlags = setsFlags;
    this.rd = offset(rd);
    this.rn = offset(rn);
    this.rm = offset(rm);
    this.rs = offset(rs);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int result = r.get(rm) * r.get(rs) + (accumulates ? r.get(rn) : 0);
    if (setsFlags) {
      r.n = result;
      r.z = result;
    }
    r.set(rd, result);
  }

  @Override
  public int flagsWritten() {
    return setsFlags ? Psr.N | Psr.Z : 0;
  }

  @Override
  public boolean isLocal() {
    return true;
  }
}
