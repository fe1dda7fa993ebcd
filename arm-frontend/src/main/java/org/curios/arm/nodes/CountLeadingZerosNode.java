package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

/** {@code CLZ <Rd>, <Rm>} (ARM DDI 0100, A4.1.13). */
public final class CountLeadingZerosNode extends InstructionNode {
  private final short rd;
  private final short rm;

  public CountLeadingZerosNode(int pc, int rd, int rm) {
    super(pc);
    this.rd = offset(rd);
    this.rm = offset(rm);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    r.set(rd, Integer.numberOfLeadingZeros(r.get(rm)));
  }

  @Override
  public boolean isLocal() {
    return true;
  }
}
