package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;

/**
 * {@code STR, STRB, STRH, STRT, STRBT} (ARM DDI 0100, A4.1). R15 is stored as the address of the
 * instruction + 12.
 */
public final class StoreNode extends InstructionNode {
  private final Addressing addressing;
  private final byte size;
  private final boolean asUser;
  private final byte rd;
  private final short rdOffset;

  /** Makes a node; parameters as for {@link LoadNode}. */
  public StoreNode(int pc, Addressing addressing, int size, boolean asUser, int rd) {
    super(pc);
    this.addressing = addressing;
    this.size = (byte) size;
    this.asUser = asUser;
    this.rd = (byte) rd;
    this.rdOffset = offset(rd);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int base = addressing.baseValue(r, pcOperand());
    int indexed = addressing.indexed(r, base, pcOperand());
    int address = addressing.pre() ? indexed : base;
    int value = rd == 15 ? pcOperand() + 4 : r.get(rdOffset);
    long table = cpu.stores(asUser);
    Memory memory = cpu.memory;
    if (isFast(r, cpu, table, address, size, true, asUser)) {
      switch (size) {
        case 1 -> memory.fastPutByte(table, address, value);
        case 2 -> memory.fastPutShort(table, address, value);
        default -> memory.fastPutInt(table, address, value);
      }
      addressing.writeBack(r, indexed);
    } else if (leavesSlowPath(r, cpu)) {
      throw miss(r, cpu);
    } else {
      memory.store(pc, remaining, address, value, size, asUser);
      noteSlowPath(cpu);
      int outcome = cpu.outcome;
      if (outcome == Cpu.ABORTED) {
        throw SideExit.INSTANCE;
      }
      addressing.writeBack(r, indexed);
      if (outcome == Cpu.LEAVE) {
        throw leave(cpu);
      }
    }
  }

  @Override
  public int flagsRead() {
    return addressing.operand().readsCarry() ? Psr.C : 0;
  }

  @Override
  public boolean mayLeave() {
    return true;
  }

  @Override
  public boolean isLocal() {
    return !compilesSlowPath();
  }

  @Override
  public int registersWritten() {
    return addressing.registersWritten();
  }
}
