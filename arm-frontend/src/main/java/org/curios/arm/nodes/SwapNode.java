package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;

/**
 * {@code SWP{B} <Rd>, <Rm>, [<Rn>]} (ARM DDI 0100, A4.1.108): a load and a store, with nothing in
 * between.
 */
public final class SwapNode extends InstructionNode {
  private final int size;
  private final short rd;
  private final short rm;
  private final short rn;

  /**
   * Makes a node.
   *
   * @param size bytes: 1 or 4
   */
  public SwapNode(int pc, int size, int rd, int rm, int rn) {
    super(pc);
    this.size = size;
    this.rd = offset(rd);
    this.rm = offset(rm);
    this.rn = offset(rn);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int address = r.get(rn);
    Memory memory = cpu.memory;
    long loads = cpu.loads(false);
    long stores = cpu.stores(false);
    if (CompilerDirectives.injectBranchProbability(
        Memory.LIKELY,
        Memory.isFast(loads, address, size) && Memory.isFast(stores, address, size))) {
      int old;
      if (size == 1) {
        old = memory.fastByte(loads, address);
        memory.fastPutByte(stores, address, r.get(rm));
      } else {
        old = memory.fastInt(loads, address);
        memory.fastPutInt(stores, address, r.get(rm));
      }
      r.set(rd, old);
    } else if (leavesSlowPath(r, cpu)) {
      throw miss(r, cpu);
    } else {
      boolean leave = swapSlow(cpu, address);
      noteSlowPath(cpu);
      if (cpu.outcome == Cpu.ABORTED) {
        throw SideExit.INSTANCE;
      }
      if (leave) {
        throw leave(cpu);
      }
    }
  }

  @TruffleBoundary
  private boolean swapSlow(Cpu cpu, int address) {
    int old = cpu.memory.load(pc, remaining, address, size, false);
    if (cpu.outcome == Cpu.ABORTED) {
      return false;
    }
    boolean leave = cpu.outcome == Cpu.LEAVE;
    cpu.memory.store(pc, remaining, address, cpu.get(rm), size, false);
    if (cpu.outcome == Cpu.ABORTED) {
      return false;
    }
    leave |= cpu.outcome == Cpu.LEAVE;
    cpu.set(rd, old);
    return leave;
  }

  @Override
  public boolean mayLeave() {
    return true;
  }
}
