package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;

/**
 * Data processing with R15 as its destination (ARM DDI 0100, A4.1): a jump that keeps the T bit, or
 * with S a return from an exception.
 */
public final class WritePcNode extends InstructionNode {
  private static final int SCRATCH = 12;

  private final InstructionNode compute;
  private final boolean returns;

  /**
   * Makes a node.
   *
   * @param setsFlags the S bit
   */
  public WritePcNode(int pc, int operation, boolean setsFlags, int rn, Operand operand) {
    super(pc);
    this.compute = new DataProcessingNode(pc, operation, false, SCRATCH, rn, operand);
    this.returns = setsFlags;
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int saved = r.r12;
    compute.execute(r, cpu, operands);
    int target = r.r12;
    r.r12 = saved;
    if (returns) {
      cpu.exceptionReturn(pc, target);
    } else {
      cpu.pc = (pc & 1) != 0 ? target | 1 : target & ~3;
    }
  }

  @Override
  public int flagsRead() {
    return returns ? Psr.N | Psr.Z | Psr.C | Psr.V : compute.flagsRead();
  }

  @Override
  public boolean isLocal() {
    return !returns;
  }

  @Override
  public int registersWritten() {
    return 0;
  }
}
