package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

/** An instruction that is executed if its condition holds. */
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
  public void execute(Registers r, Cpu cpu, Operands operands) {
    if (test.holds(r, operands)) {
      body.execute(r, cpu, operands);
    }
  }

  @Override
  public void setRemaining(int count) {
    super.setRemaining(count);
    body.setRemaining(count);
  }

  @Override
  public void compileSlowPath() {
    body.compileSlowPath();
  }

  @Override
  protected boolean compilesSlowPath() {
    return body.compilesSlowPath();
  }

  @Override
  public int flagsRead() {
    return test.flagsRead() | body.flagsRead();
  }

  @Override
  public boolean mayLeave() {
    return body.mayLeave();
  }

  @Override
  public boolean isLocal() {
    return body.isLocal();
  }

  @Override
  public int registersWritten() {
    return body.registersWritten();
  }
}
