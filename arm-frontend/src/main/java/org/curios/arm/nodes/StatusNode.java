package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;

/** {@code MRS} and {@code MSR} (ARM DDI 0100, A4.1.38, A4.1.39). */
public final class StatusNode extends InstructionNode {
  private final boolean reads;
  private final boolean saved;
  private final int rd;
  private final int mask;
  private final Operand operand;

  private StatusNode(int pc, boolean reads, boolean saved, int rd, int mask, Operand operand) {
    super(pc);
    this.reads = reads;
    this.saved = saved;
    this.rd = rd;
    this.mask = mask;
    this.operand = operand;
  }

  /** {@code MRS <Rd>, CPSR|SPSR}. */
  public static StatusNode read(int pc, boolean saved, int rd) {
    return new StatusNode(pc, true, saved, rd, 0, null);
  }

  /**
   * {@code MSR CPSR|SPSR_<fields>, <operand>}.
   *
   * @param fields the four field bits: c 1, x 2, s 4, f 8
   */
  public static StatusNode write(int pc, boolean saved, int fields, Operand operand) {
    return new StatusNode(pc, false, saved, 0, Psr.ofFields(fields), operand);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    if (reads) {
      readStatus(cpu);
      return;
    }
    int value = operand.value(cpu, pcOperand());
    if (!saved && mask == (Psr.IMPLEMENTED & 0xff << 24)) {
      cpu.setFlags(value);
      return;
    }
    if (saved) {
      cpu.setSpsr(cpu.spsr() & ~mask | value & mask);
      return;
    }
    if (mask >>> 24 == 0) {
      if (cpu.isPrivileged()) {
        cpu.setControl(cpu.controlBits() & ~mask | value & mask);
      }
    } else {
      writeStatus(cpu, value);
    }
    if (changesSystem()) {
      cpu.pc = next();
    }
  }

  private void readStatus(Cpu cpu) {
    cpu.pc = pc; // the CPSR takes its T bit from there
    cpu.setRegister(rd, saved ? cpu.spsr() : cpu.cpsr());
  }

  @TruffleBoundary
  private void writeStatus(Cpu cpu, int value) {
    cpu.pc = pc; // the CPSR takes its T bit from there
    int writable = cpu.isPrivileged() ? mask & ~Psr.T : mask & 0xff << 24;
    cpu.setCpsr(cpu.cpsr() & ~writable | value & writable);
  }

  @Override
  public int flagsRead() {
    return reads || mask >>> 24 == 0 ? Psr.N | Psr.Z | Psr.C | Psr.V : 0;
  }

  @Override
  public int flagsWritten() {
    return !reads && !saved && mask >>> 24 != 0 ? Psr.N | Psr.Z | Psr.C | Psr.V : 0;
  }

  @Override
  public boolean changesSystem() {
    return !reads && !saved && (mask & 0xff) != 0;
  }

  @Override
  public boolean mayLeave() {
    return false;
  }
}
