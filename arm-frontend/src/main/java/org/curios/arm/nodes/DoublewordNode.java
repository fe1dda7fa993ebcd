package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;

/**
 * {@code LDRD, STRD <Rd>, <addressing_mode>} (ARM DDI 0100, A4.1.26, A4.1.102): two words, all or
 * nothing.
 */
public final class DoublewordNode extends InstructionNode {
  private final Addressing addressing;
  private final boolean loads;
  private final short low;
  private final short high;

  /**
   * Makes a node.
   *
   * @param rd the even register of the pair, 0 to 12
   */
  public DoublewordNode(int pc, Addressing addressing, boolean loads, int rd) {
    super(pc);
    this.addressing = addressing;
    this.loads = loads;
    this.low = offset(rd);
    this.high = offset(rd + 1);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int base = addressing.baseValue(r, pcOperand());
    int indexed = addressing.indexed(r, base, pcOperand());
    int address = addressing.pre() ? indexed : base;
    Memory memory = cpu.memory;
    boolean leave = false;
    if (loads) {
      int first;
      int second;
      if (CompilerDirectives.injectBranchProbability(
          Memory.LIKELY, isFast(cpu, cpu.loads(false), address))) {
        long from = memory.fastAddress(cpu.loads(false), address);
        first = HostMemory.getInt(from);
        second = HostMemory.getInt(from + 4);
      } else if (leavesSlowPath(r, cpu)) {
        throw miss(r, cpu);
      } else {
        first = memory.load(pc, remaining, address, 8, false);
        leave = slow(cpu);
        second = memory.load(pc, remaining, (address & ~3) + 4, 4, false);
        leave |= slow(cpu);
      }
      addressing.writeBack(r, indexed);
      r.set(low, first);
      r.set(high, second);
    } else {
      if (CompilerDirectives.injectBranchProbability(
          Memory.LIKELY, isFast(cpu, cpu.stores(false), address))) {
        long to = memory.fastAddress(cpu.stores(false), address);
        HostMemory.putInt(to, r.get(low));
        HostMemory.putInt(to + 4, r.get(high));
      } else if (leavesSlowPath(r, cpu)) {
        throw miss(r, cpu);
      } else {
        memory.store(pc, remaining, address, r.get(low), 8, false);
        leave = slow(cpu);
        memory.store(pc, remaining, (address & ~3) + 4, r.get(high), 4, false);
        leave |= slow(cpu);
      }
      addressing.writeBack(r, indexed);
    }
    if (leave) {
      throw leave(cpu);
    }
  }

  /** For a misaligned doubleword, the slow path decides whether to abort. */
  private static boolean isFast(Cpu cpu, long table, int address) {
    return Memory.isFastBlock(table, address, address + 4)
        && ((address & 4) == 0 || !cpu.cp15.checksAlignment());
  }

  private boolean slow(Cpu cpu) {
    noteSlowPath(cpu);
    if (cpu.outcome == Cpu.ABORTED) {
      throw SideExit.INSTANCE;
    }
    return cpu.outcome == Cpu.LEAVE;
  }

  @Override
  public boolean mayLeave() {
    return true;
  }

  @Override
  public boolean isLocal() {
    return !compilesSlowPath();
  }
}
