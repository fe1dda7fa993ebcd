package org.curios.arm.nodes;

import org.curios.arm.Cpu;

/** An instruction that is carried out if its condition holds. */
public final class ConditionalNode extends InstructionNode {
  private final Test test;
  @Child private InstructionNode body;

  /** Makes the conditional form of an instruction. */
  public ConditionalNode(Test test, InstructionNode body) {
    super(body.pc());
    this.test = test;
    this.body = body;
  }

  /** Returns the instruction under the condition. */
  InstructionNode body() {
    return body;
  }

  @Override
  public void execute(Cpu cpu, Operands operands) {
    if (test.holds(cpu, operands)) {
      body.execute(cpu, operands);
    }
  }

  @Override
  public void setRemaining(int count) {
    super.setRemaining(count);
    body.setRemaining(count);
  }

  @Override
  public int flagsRead() {
    return test.flagsRead() | body.flagsRead();
  }

  @Override
  public boolean mayLeave() {
    return body.mayLeave();
  }
}
