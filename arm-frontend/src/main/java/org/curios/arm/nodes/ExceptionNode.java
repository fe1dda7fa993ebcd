package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

/** {@code SWI}, {@code BKPT} and undefined instructions: they end their block with an exception. */
public final class ExceptionNode extends InstructionNode {
  /** Which exception is raised. */
  public enum Kind {
    SOFTWARE_INTERRUPT,
    BREAKPOINT,
    UNDEFINED
  }

  private final Kind kind;
  private final int immediate;

  /**
   * Makes a node.
   *
   * @param immediate the number in the instruction
   */
  public ExceptionNode(int pc, Kind kind, int immediate) {
    super(pc);
    this.kind = kind;
    this.immediate = immediate;
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    switch (kind) {
      case SOFTWARE_INTERRUPT -> cpu.softwareInterrupt(pc, next(), immediate);
      case BREAKPOINT -> cpu.breakpoint(pc);
      case UNDEFINED -> cpu.undefined(pc, next());
    }
  }

  @Override
  public boolean mayLeave() {
    return true;
  }
}
