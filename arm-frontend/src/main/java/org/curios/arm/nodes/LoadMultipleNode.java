package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.nodes.ExplodeLoop;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;

/**
 * {@code LDM<mode> <Rn>{!}, <registers>{^}} (ARM DDI 0100, A4.1.20 to A4.1.22). After an abort the
 * base has its old value (base restored); registers loaded before it are changed. A load of R15
 * ends its block.
 */
public final class LoadMultipleNode extends MultipleNode {
  /** Which form of the instruction. */
  public enum Form {
    /** Registers of the current mode; R15 sets the T bit. */
    PLAIN,
    /** Registers of user mode: {@code ^} without R15. */
    USER,
    /** With R15, and the CPSR from the SPSR: {@code ^} with R15. */
    EXCEPTION
  }

  private final Form form;

  public LoadMultipleNode(
      int pc, Form form, int rn, int list, boolean pre, boolean up, boolean writesBack) {
    super(pc, rn, list, pre, up, writesBack);
    this.form = form;
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int base = rn == 15 ? pcOperand() : r.get(this.base);
    int address = base + start;
    long table = cpu.loads(false);
    if (CompilerDirectives.injectBranchProbability(
        Memory.LIKELY, Memory.isFastBlock(table, address, address + last))) {
      int target = loadFast(r, cpu, table, address);
      if (writesBack && (form == Form.USER || (list >>> rn & 1) == 0)) {
        r.set(this.base, base + step);
      }
      if (form == Form.EXCEPTION) {
        cpu.exceptionReturn(pc, target);
      } else if ((list & 0x8000) != 0) {
        cpu.pc = (target & 1) != 0 ? target : target & ~3;
      }
    } else if (leavesSlowPath(r, cpu)) {
      throw miss(r, cpu);
    } else {
      loadSlow(cpu, base, address & ~3, address & 3);
    }
  }

  /** Loads the registers; returns the new R15. */
  @ExplodeLoop
  private int loadFast(Registers r, Cpu cpu, long table, int address) {
    long from = cpu.memory.fastAddress(table, address);
    if (form == Form.USER && cpu.mode() == Psr.FIQ) {
      loadUserInFiqMode(cpu, from);
      return 0;
    }
    int target = 0;
    for (int i = 0; i < registers.length; i++) {
      int value = HostMemory.getInt(from + 4L * i);
      if (registers[i] == 15) {
        target = value;
      } else if (form == Form.USER && registers[i] >= FIRST_BANKED) {
        cpu.setUserRegister(registers[i], value);
      } else {
        r.set(offsets[i], value);
      }
    }
    return target;
  }

  @TruffleBoundary
  private void loadUserInFiqMode(Cpu cpu, long from) {
    for (int i = 0; i < registers.length; i++) {
      cpu.setUserRegister(registers[i], HostMemory.getInt(from + 4L * i));
    }
  }

  private void loadSlow(Cpu cpu, int base, int address, int misalignment) {
    boolean leave = loadEach(cpu, base, address, misalignment);
    noteSlowPath(cpu);
    if (leave) {
      int target = cpu.pc;
      SideExit sideExit = leave(cpu);
      if ((list & 0x8000) != 0) {
        cpu.pc = target;
      }
      throw sideExit;
    }
    if (cpu.outcome == Cpu.ABORTED) {
      throw SideExit.INSTANCE;
    }
  }

  /**
   * Loads one register after the other; returns whether translated code must be left afterwards.
   */
  @TruffleBoundary
  private boolean loadEach(Cpu cpu, int base, int address, int misalignment) {
    boolean leave = false;
    boolean loadsBase = (list >>> rn & 1) != 0 && (form != Form.USER || !cpu.isBanked(rn));
    int newBase = 0;
    int target = 0;
    cpu.outcome = Cpu.DONE;
    if (cpu.memory.watches().holds(pc, remaining, address, 4 * registers.length, false)) {
      return false;
    }
    for (int i = 0; i < registers.length; i++) {
      int at = address + 4 * i + (cpu.cp15.checksAlignment() ? misalignment : 0);
      int value = cpu.memory.load(pc, remaining, at, 4, false);
      if (cpu.outcome == Cpu.ABORTED) {
        return false;
      }
      leave |= cpu.outcome == Cpu.LEAVE;
      int register = registers[i];
      if (register == 15) {
        target = value;
      } else if (register == rn && loadsBase) {
        newBase = value;
      } else if (form == Form.USER) {
        cpu.setUserRegister(register, value);
      } else {
        cpu.setRegister(register, value);
      }
    }
    cpu.outcome = Cpu.DONE;
    if (loadsBase && rn != 15) {
      cpu.setRegister(rn, newBase);
    }
    if (writesBack && (form == Form.USER || !loadsBase)) {
      cpu.setRegister(rn, base + step);
    }
    if (form == Form.EXCEPTION) {
      cpu.exceptionReturn(pc, target);
    } else if ((list & 0x8000) != 0) {
      cpu.pc = (target & 1) != 0 ? target : target & ~3;
    }
    return leave;
  }

  @Override
  public boolean isLocal() {
    return form == Form.PLAIN && !compilesSlowPath();
  }

  @Override
  public int registersWritten() {
    return (list | (writesBack ? 1 << rn : 0)) & 0x7fff;
  }
}
