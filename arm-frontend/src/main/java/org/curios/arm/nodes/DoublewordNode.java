package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives;
import org.curios.arm.Cpu;
import org.curios.arm.Memory;
import org.curios.arm.Trap;

/**
 * {@code LDRD, STRD <Rd>, <addressing_mode>} (ARM DDI 0100, A4.1.26, A4.1.102): two words, all or
 * nothing.
 */
public final class DoublewordNode extends InstructionNode {
  private final Addressing addressing;
  private final boolean loads;
  private final long low;
  private final long high;

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
  public void execute(Cpu cpu, Operands operands) {
    int base = addressing.baseValue(cpu, pcOperand());
    int indexed = addressing.indexed(cpu, base, pcOperand());
    int address = addressing.pre() ? indexed : base;
    Memory memory = cpu.memory;
    boolean leave = false;
    if (loads) {
      int first;
      int second;
      if (CompilerDirectives.injectBranchProbability(
          Memory.LIKELY, Memory.isFastBlock(cpu.readTable, address, 8))) {
        first = memory.fastInt(cpu.readTable, address);
        second = memory.fastInt(cpu.readTable, address + 4);
      } else {
        first = memory.load(pc, remaining, address, 8, false);
        leave = slow(cpu);
        second = memory.load(pc, remaining, (address & ~3) + 4, 4, false);
        leave |= slow(cpu);
      }
      addressing.writeBack(cpu, indexed);
      cpu.set(low, first);
      cpu.set(high, second);
    } else {
      if (CompilerDirectives.injectBranchProbability(
          Memory.LIKELY, Memory.isFastBlock(cpu.writeTable, address, 8))) {
        memory.fastPutInt(cpu.writeTable, address, cpu.get(low));
        memory.fastPutInt(cpu.writeTable, address + 4, cpu.get(high));
      } else {
        memory.store(pc, remaining, address, cpu.get(low), 8, false);
        leave = slow(cpu);
        memory.store(pc, remaining, (address & ~3) + 4, cpu.get(high), 4, false);
        leave |= slow(cpu);
      }
      addressing.writeBack(cpu, indexed);
    }
    if (leave) {
      throw leave(cpu);
    }
  }

  private static boolean slow(Cpu cpu) {
    if (cpu.outcome == Cpu.ABORTED) {
      throw Trap.INSTANCE;
    }
    return cpu.outcome == Cpu.LEAVE;
  }

  @Override
  public boolean mayLeave() {
    return true;
  }
}
