package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

/** {@code PLD <addressing_mode>}: a hint that has no effect here (ARM DDI 0100, A4.1.45). */
public final class HintNode extends InstructionNode {
  public HintNode(int pc) {
    super(pc);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {}

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public int registersWritten() {
    return 0;
  }
}
