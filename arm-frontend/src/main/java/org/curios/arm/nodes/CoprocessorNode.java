package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;

/**
 * {@code MRC} and {@code MCR p15, <op1>, <Rd>, <CRn>, <CRm>, <op2>}; undefined outside privileged
 * modes.
 */
public final class CoprocessorNode extends InstructionNode {
  private final boolean reads;
  private final int opcode1;
  private final int rd;
  private final int crn;
  private final int crm;
  private final int opcode2;

  /** Whether it writes the domain access control register, as each change of address space does. */
  private final boolean setsDomains;

  /** Whether it concerns caches and the write buffer, which are not modelled. */
  private final boolean isIdle;

  /**
   * Whether it invalidates a single entry of the TLB, usually one of data: then the block
   * continues.
   */
  private final boolean flushesPage;

  public CoprocessorNode(
      int pc, boolean reads, int opcode1, int rd, int crn, int crm, int opcode2) {
    super(pc);
    this.reads = reads;
    this.opcode1 = opcode1;
    this.rd = rd;
    this.crn = crn;
    this.crm = crm;
    this.opcode2 = opcode2;
    this.flushesPage = !reads && opcode1 == 0 && crn == 8 && opcode2 == 1 && rd != 15;
    this.setsDomains = !reads && opcode1 == 0 && crn == 3 && rd != 15;
    this.isIdle = !reads && opcode1 == 0 && crn == 7 && !(crm == 0 && opcode2 == 4);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    if (isIdle && cpu.isPrivileged()) {
      return;
    }
    if (setsDomains && cpu.isPrivileged()) {
      cpu.cp15.setDomainAccess(cpu.register(rd));
      cpu.pc = next();
      return;
    }
    if (flushesPage && cpu.isPrivileged()) {
      if (cpu.spaces.flushPage(cpu.register(rd))) {
        throw leave(cpu);
      }
      return;
    }
    transfer(cpu);
    if (cpu.outcome == Cpu.ABORTED) {
      throw SideExit.INSTANCE;
    }
    if (cpu.outcome == Cpu.LEAVE) {
      throw leave(cpu);
    }
  }

  @TruffleBoundary
  private void transfer(Cpu cpu) {
    boolean known;
    cpu.outcome = Cpu.DONE;
    if (!cpu.isPrivileged()) {
      known = false;
    } else if (reads) {
      long value = cpu.cp15.read(opcode1, crn, crm, opcode2);
      known = value >= 0;
      if (known && rd == 15) {
        cpu.setFlags((int) value & 0xf0000000 | cpu.flags() & Psr.Q);
      } else if (known) {
        cpu.setRegister(rd, (int) value);
      }
    } else {
      int value = rd == 15 ? pcOperand() : cpu.register(rd);
      known = cpu.cp15.write(opcode1, crn, crm, opcode2, value);
      if (changesSystem()) {
        cpu.pc = next();
      } else if (cpu.wantsAttention()) {
        cpu.outcome = Cpu.LEAVE;
      }
    }
    if (!known) {
      cpu.account(remaining);
      cpu.undefined(pc, next());
      cpu.outcome = Cpu.ABORTED;
    }
  }

  /** MRC into R15 sets the flags: a later condition must not use a comparison before it. */
  @Override
  public int flagsWritten() {
    return reads && rd == 15 ? Psr.N | Psr.Z | Psr.C | Psr.V : 0;
  }

  @Override
  public int flagsRead() {
    return Psr.N | Psr.Z | Psr.C | Psr.V;
  }

  @Override
  public boolean changesSystem() {
    return !reads && !flushesPage && (crn < 5 || crn == 8 || crn > 9);
  }

  @Override
  public boolean mayLeave() {
    return true;
  }
}
