package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

/**
 * {@code BX <Rm>} and {@code BLX <Rm>} (ARM DDI 0100, A4.1.9, A4.1.10): bit 0 of the target chooses
 * Thumb.
 */
public final class BranchExchangeNode extends InstructionNode {
  private final int rm;
  private final short rmOffset;
  private final boolean links;

  public BranchExchangeNode(int pc, int rm, boolean links) {
    super(pc);
    this.rm = rm;
    this.rmOffset = offset(rm);
    this.links = links;
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int target = read(r, rm, rmOffset);
    if (links) {
      r.r14 = next();
    }
    cpu.pc = (target & 1) != 0 ? target : target & ~3;
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public int registersWritten() {
    return links ? 1 << 14 : 0;
  }
}
