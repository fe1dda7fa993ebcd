package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.nodes.Node;
import org.curios.arm.Cpu;
import org.curios.arm.Trap;

/** One guest instruction at one place in a block. */
public abstract class InstructionNode extends Node {
  /** Address of the instruction; bit 0 is the T bit. */
  protected final int pc;

  /** Instructions of the block from this one to the end, this one included. */
  @CompilationFinal protected int remaining;

  /**
   * Makes a node.
   *
   * @param pc address of the instruction; bit 0 is the T bit
   */
  protected InstructionNode(int pc) {
    this.pc = pc;
  }

  /**
   * Carries the instruction out.
   *
   * @throws Trap when translated code is to be left; the processor is then in the state to go on
   *     from
   */
  public abstract void execute(Cpu cpu, Operands operands);

  /** Returns the address of the instruction; bit 0 is the T bit. */
  public final int pc() {
    return pc;
  }

  /** Sets the number of instructions of the block from this one to the end. */
  public void setRemaining(int count) {
    remaining = count;
  }

  /** Returns the address of the next instruction, with the T bit. */
  protected final int next() {
    return pc + ((pc & 1) != 0 ? 2 : 4);
  }

  /** Returns the value of R15 as an operand. */
  protected final int pcOperand() {
    return (pc & 1) != 0 ? pc + 3 : pc + 8;
  }

  /** Reads a register that may be R15. */
  protected final int read(Cpu cpu, int number, long offset) {
    return number == 15 ? pcOperand() : cpu.get(offset);
  }

  /** Returns the offset of a register's field; that of R15 is not the PC. */
  protected static long offset(int register) {
    return Cpu.offset(register);
  }

  /** Ends the instruction after a slow path that wants translated code to be left. */
  protected final Trap leave(Cpu cpu) {
    cpu.pc = next();
    cpu.account(remaining);
    return Trap.INSTANCE;
  }

  /**
   * Which flags the instruction writes, as N Z C V bits of a PSR: all that it sets whenever it is
   * carried out.
   */
  public int flagsWritten() {
    return 0;
  }

  /** Which flags the instruction reads. */
  public int flagsRead() {
    return 0;
  }

  /** Returns whether flags must be exact here, because the instruction may trap or leave. */
  public boolean mayLeave() {
    return false;
  }
}
