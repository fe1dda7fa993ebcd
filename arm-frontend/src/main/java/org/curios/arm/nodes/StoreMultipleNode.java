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
 * {@code STM<mode> <Rn>{!}, <registers>{^}} (ARM DDI 0100, A4.1.97, A4.1.98). The base is stored
 * with its old value, R15 as the address of the instruction + 12; after an abort the base has its
 * old value.
 */
public final class StoreMultipleNode extends MultipleNode {
  private final boolean userRegisters;

  public StoreMultipleNode(
      int pc,
      boolean userRegisters,
      int rn,
      int list,
      boolean pre,
      boolean up,
      boolean writesBack) {
    super(pc, rn, list, pre, up, writesBack);
    this.userRegisters = userRegisters;
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int base = rn == 15 ? pcOperand() : r.get(this.base);
    int address = base + start;
    long table = cpu.stores(false);
    if (CompilerDirectives.injectBranchProbability(
        Memory.LIKELY, Memory.isFastBlock(table, address, address + last))) {
      storeFast(r, cpu, table, address);
      if (writesBack) {
        r.set(this.base, base + step);
      }
    } else if (leavesSlowPath(r, cpu)) {
      throw miss(r, cpu);
    } else {
      boolean leave = storeEach(cpu, address & ~3, address & 3);
      noteSlowPath(cpu);
      if (cpu.outcome == Cpu.ABORTED) {
        throw SideExit.INSTANCE;
      }
      if (writesBack) {
        r.set(this.base, base + step);
      }
      if (leave) {
        throw leave(cpu);
      }
    }
  }

  @ExplodeLoop
  private void storeFast(Registers r, Cpu cpu, long table, int address) {
    long to = cpu.memory.fastAddress(table, address);
    if (userRegisters && cpu.mode() == Psr.FIQ) {
      storeUserInFiqMode(cpu, to);
      return;
    }
    for (int i = 0; i < registers.length; i++) {
      boolean plain = registers[i] < FIRST_BANKED;
      HostMemory.putInt(to + 4L * i, plain ? r.get(offsets[i]) : stored(r, cpu, i));
    }
  }

  @TruffleBoundary
  private void storeUserInFiqMode(Cpu cpu, long to) {
    for (int i = 0; i < registers.length; i++) {
      HostMemory.putInt(to + 4L * i, stored(cpu, cpu, i));
    }
  }

  private int stored(Registers r, Cpu cpu, int number) {
    int register = registers[number];
    if (register == 15) {
      return pcOperand() + 4;
    }
    return userRegisters ? cpu.userRegister(register) : r.get(offsets[number]);
  }

  /**
   * Stores one register after the other; returns whether translated code must be left afterwards.
   */
  @TruffleBoundary
  private boolean storeEach(Cpu cpu, int address, int misalignment) {
    boolean leave = false;
    cpu.outcome = Cpu.DONE;
    if (cpu.memory.watches().holds(pc, remaining, address, 4 * registers.length, true)) {
      return false;
    }
    for (int i = 0; i < registers.length; i++) {
      int value = stored(cpu, cpu, i);
      int at = address + 4 * i + (cpu.cp15.checksAlignment() ? misalignment : 0);
      cpu.memory.store(pc, remaining, at, value, 4, false);
      if (cpu.outcome == Cpu.ABORTED) {
        return false;
      }
      leave |= cpu.outcome == Cpu.LEAVE;
    }
    cpu.outcome = Cpu.DONE;
    return leave;
  }

  @Override
  public boolean isLocal() {
    return !userRegisters && !compilesSlowPath();
  }

  @Override
  public int registersWritten() {
    return writesBack ? 1 << rn : 0;
  }
}
