package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;

/** {@code UMULL, UMLAL, SMULL, SMLAL{S} <RdLo>, <RdHi>, <Rm>, <Rs>} (ARM DDI 0100, A4.1). */
public final class LongMultiplyNode extends InstructionNode {
  private final boolean signed;
  private final boolean accumulates;
  private final boolean setsFlags;
  private final short high;
  private final short low;
  private final short rm;
  private final short rs;

  public LongMultiplyNode(
      int pc,
      boolean signed,
      boolean accumulates,
      boolean setsFlags,
      int high,
      int low,
      int rm,
      int rs) {
    super(pc);
    this.signed = signed;
    this.accumulates = accumulates;
    this.setsFlags = setsFlags;
    this.high = offset(high);
    this.low = offset(low);
    this.rm = offset(rm);
    this.rs = offset(rs);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    long left = r.get(rm);
    long right = r.get(rs);
    long result = signed ? left * right : (left & 0xffffffffL) * (right & 0xffffffffL);
    if (accumulates) {
      result += (long) r.get(high) << 32 | r.get(low) & 0xffffffffL;
    }
    if (setsFlags) {
      r.n = (int) (result >>> 32);
      r.z = (int) (result >>> 32) | (int) result;
    }
    r.set(low, (int) result);
    r.set(high, (int) (result >>> 32));
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
