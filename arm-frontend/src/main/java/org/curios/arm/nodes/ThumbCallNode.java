package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

/**
 * The second half of Thumb {@code BL} and {@code BLX}: a jump relative to R14 (ARM DDI 0100,
 * A7.1.12).
 */
public final class ThumbCallNode extends InstructionNode {
  private final int distance;
  private final boolean toArm;

  /**
   * Makes a node.
   *
   * @param distance bytes from the address in R14
   * @param toArm whether the target is ARM code (BLX)
   */
  public ThumbCallNode(int pc, int distance, boolean toArm) {
    super(pc);
    this.distance = distance;
    this.toArm = toArm;
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int target = r.r14 + distance;
    r.r14 = next();
    cpu.pc = toArm ? target & ~3 : target | 1;
  }

  @Override
  public boolean isLocal() {
    return true;
  }
}
