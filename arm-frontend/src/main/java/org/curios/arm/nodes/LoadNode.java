package org.curios.arm.nodes;

import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;

/**
 * {@code LDR, LDRB, LDRH, LDRSB, LDRSH, LDRT, LDRBT} (ARM DDI 0100, A4.1). A load into R15 ends its
 * block: it sets the T bit from bit 0, as ARMv5 does.
 */
public final class LoadNode extends InstructionNode {
  /** No address of a word. */
  static final int NO_LITERAL = -1;

  private final Addressing addressing;
  private final byte size;
  private final boolean signed;
  private final boolean asUser;
  private final byte rd;
  private final short rdOffset;

  /**
   * Makes a node.
   *
   * @param size bytes: 1, 2 or 4
   * @param asUser whether the access has the rights of user mode
   */
  public LoadNode(int pc, Addressing addressing, int size, boolean signed, boolean asUser, int rd) {
    super(pc);
    this.addressing = addressing;
    this.size = (byte) size;
    this.signed = signed;
    this.asUser = asUser;
    this.rd = (byte) rd;
    this.rdOffset = offset(rd);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int base = addressing.baseValue(r, pcOperand() & ~3);
    int indexed = addressing.indexed(r, base, pcOperand());
    int address = addressing.pre() ? indexed : base;
    long table = cpu.loads(asUser);
    Memory memory = cpu.memory;
    if (isFast(r, cpu, table, address, size, false, asUser)) {
      int value =
          switch (size) {
            case 1 -> memory.fastByte(table, address);
            case 2 -> memory.fastShort(table, address);
            default -> memory.fastInt(table, address);
          };
      complete(r, cpu, value, indexed);
    } else if (leavesSlowPath(r, cpu)) {
      throw miss(r, cpu);
    } else {
      int value = memory.load(pc, remaining, address, size, asUser);
      noteSlowPath(cpu);
      int outcome = cpu.outcome;
      if (outcome == Cpu.ABORTED) {
        throw SideExit.INSTANCE;
      }
      complete(r, cpu, value, indexed);
      if (outcome == Cpu.LEAVE) {
        throw leaveLoad(cpu);
      }
    }
  }

  /**
   * Returns the address of the word that the instruction loads whatever the registers are, if that
   * is in the instruction's granule; otherwise {@link #NO_LITERAL}.
   */
  int literal() {
    boolean isFixed = addressing.isFixed() && size == 4 && !asUser && rd != 15;
    int at = isFixed ? addressing.indexed(null, pcOperand() & ~3, 0) : NO_LITERAL;
    return (at & 3) == 0 && (at & -Bus.GRANULE) == (pc & -Bus.GRANULE) ? at : NO_LITERAL;
  }

  /** Returns an instruction that has the same effect if the word is a constant. */
  InstructionNode withLiteral(int word) {
    return new DataProcessingNode(pc, DataProcessingNode.MOV, false, rd, 0, Operand.place(word));
  }

  private void complete(Registers r, Cpu cpu, int value, int indexed) {
    addressing.writeBack(r, indexed);
    int extended = !signed ? value : size == 1 ? (byte) value : (short) value;
    if (rd == 15) {
      cpu.pc = (extended & 1) != 0 ? extended : extended & ~3;
    } else {
      r.set(rdOffset, extended);
    }
  }

  private SideExit leaveLoad(Cpu cpu) {
    int target = cpu.pc;
    SideExit sideExit = leave(cpu);
    if (rd == 15) {
      cpu.pc = target;
    }
    return sideExit;
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
    return (rd == 15 ? 0 : 1 << rd) | addressing.registersWritten();
  }
}
