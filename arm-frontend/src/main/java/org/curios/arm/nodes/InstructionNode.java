package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.nodes.Node;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;

/**
 * One guest instruction at one place in a block. The fields are as narrow as possible, since they
 * determine the cache misses of rarely executed code.
 */
public abstract class InstructionNode extends Node {
  /** Address of the instruction; bit 0 is the T bit. */
  protected final int pc;

  /** Instructions of the block from this one to the end, this one included. */
  @CompilationFinal protected byte remaining;

  /** Number of slow paths from which on the slow path is worth compiling. */
  private static final int FREQUENT = 16;

  @CompilationFinal private byte slowPaths;

  /** Whether compiled code has the slow path of the instruction in it. */
  @CompilationFinal private boolean slowPathCompiled;

  /**
   * Makes a node.
   *
   * @param pc address of the instruction; bit 0 is the T bit
   */
  protected InstructionNode(int pc) {
    this.pc = pc;
  }

  /**
   * Executes the instruction.
   *
   * @throws SideExit when translated code must be left; the processor is then in the state from
   *     which to continue
   */
  public abstract void execute(Registers r, Cpu cpu, Operands operands);

  /** Returns the address of the instruction; bit 0 is the T bit. */
  public final int pc() {
    return pc;
  }

  /** Sets the number of instructions of the block from this one to the end. */
  public void setRemaining(int count) {
    remaining = (byte) count;
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
  protected final int read(Registers r, int number, long offset) {
    return number == 15 ? pcOperand() : r.get(offset);
  }

  /** Returns the offset of a register's field; that of R15 is not the PC. */
  protected static short offset(int register) {
    return (short) Cpu.offset(register);
  }

  /**
   * Returns whether the slow path of a memory access is left to the interpreter. Compiled code has
   * no slow path where it is rare, so that only the instructions themselves access registers; and
   * none where registers are in locals, even if it has become frequent since.
   */
  protected final boolean leavesSlowPath(Registers r, Cpu cpu) {
    return r != cpu || CompilerDirectives.inCompiledCode() && !slowPathCompiled;
  }

  /**
   * Returns whether an access takes the fast path, if necessary after a refill of the entry of its
   * page.
   *
   * @param table the table of the access, for loads or for stores
   */
  protected final boolean isFast(
      Registers r, Cpu cpu, long table, int address, int size, boolean store, boolean asUser) {
    return CompilerDirectives.injectBranchProbability(
            Memory.LIKELY, Memory.isFast(table, address, size))
        || !leavesSlowPath(r, cpu) && isRefilled(cpu, table, address, size, store, asUser);
  }

  private boolean isRefilled(
      Cpu cpu, long table, int address, int size, boolean store, boolean asUser) {
    if (!cpu.memory.refill(table, address, size, store, asUser)) {
      return false;
    }
    countSlowPath();
    return true;
  }

  /** Leaves translated code before the instruction. */
  protected final SideExit miss(Registers r, Cpu cpu) {
    r.budget += remaining;
    cpu.pc = pc;
    cpu.missed = true;
    cpu.midway = true;
    return SideExit.INSTANCE;
  }

  /** Notes a slow path that has been taken. */
  protected final void noteSlowPath(Cpu cpu) {
    if (cpu.outcome == Cpu.ABORTED || cpu.recurring) {
      countSlowPath();
    }
  }

  private void countSlowPath() {
    if (CompilerDirectives.inInterpreter() && ++slowPaths == FREQUENT) {
      slowPathCompiled = true;
    }
  }

  /** Requests the compilation of the slow path: it is taken often. */
  public void compileSlowPath() {
    slowPathCompiled = true;
  }

  /** Ends the instruction after a slow path that requires leaving translated code. */
  protected final SideExit leave(Cpu cpu) {
    cpu.pc = next();
    cpu.account(remaining);
    cpu.midway = true;
    return SideExit.INSTANCE;
  }

  /** Registers that the instruction may write, one bit each; bit 15 is not the PC. */
  public int registersWritten() {
    return 0xffff;
  }

  /**
   * Returns whether the instruction works on any {@link Registers}, not on those of the processor
   * alone; it then touches nothing else of the processor but the PC.
   */
  public boolean isLocal() {
    return false;
  }

  /**
   * Returns whether the instruction may change the mode, the tables or the rights: then it ends its
   * block, and writes the PC.
   */
  public boolean changesSystem() {
    return false;
  }

  /** Returns whether compiled code has the slow path of the instruction. */
  protected boolean compilesSlowPath() {
    return slowPathCompiled;
  }

  /**
   * Which flags the instruction writes, as N Z C V bits of a PSR: all that it sets whenever it is
   * executed.
   */
  public int flagsWritten() {
    return 0;
  }

  /** Which flags the instruction reads. */
  public int flagsRead() {
    return 0;
  }

  /** Returns whether flags must be exact here, because the block may be left here. */
  public boolean mayLeave() {
    return false;
  }
}
