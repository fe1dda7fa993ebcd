package org.curios.arm.warm;

import org.curios.arm.cold.WordOperation;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;

/** Methods that warm code calls, so small that each of the host's compilers inlines them. */
public final class Access {
  private static final WordOperation[] OPERATIONS = WordOperation.values();

  private Access() {}

  /** Executes an operation of the interpreter, by its number. */
  public static int operate(int operation, Cpu cpu, int word, int next) {
    return OPERATIONS[operation].execute(cpu, word, next);
  }

  /** LSL by the low byte of a register. */
  public static int shiftLeft(int value, int amount) {
    return (amount & 0xff) >= 32 ? 0 : value << amount;
  }

  /** LSR by the low byte of a register. */
  public static int shiftRight(int value, int amount) {
    return (amount & 0xff) >= 32 ? 0 : value >>> amount;
  }

  /** ASR by the low byte of a register. */
  public static int shiftSigned(int value, int amount) {
    return value >> Math.min(amount & 0xff, 31);
  }

  /** ROR by the low byte of a register. */
  public static int rotate(int value, int amount) {
    return Integer.rotateRight(value, amount);
  }

  /** Returns a target whose bit 0 chooses the state. */
  public static int exchange(int target) {
    return (target & 1) != 0 ? target : target & ~3;
  }

  /** Returns the C flag, 0 or 1, without a branch. */
  public static int carry(Cpu cpu) {
    int left = cpu.left;
    int right = cpu.right;
    return (~left & right | ~(left ^ right) & left - right) >>> 31 ^ 1;
  }

  /** Returns the CPSR in ARM state. */
  public static int status(Cpu cpu) {
    return cpu.flags() | cpu.controlBits();
  }

  /** Returns the SPSR in ARM state; that of user and system mode reads as the CPSR. */
  public static int savedStatus(Cpu cpu) {
    return cpu.hasSpsr() ? cpu.spsr() : status(cpu);
  }

  /** Sets some bits of the SPSR, if there is one. */
  public static void setSaved(Cpu cpu, int value, int mask) {
    if (cpu.hasSpsr()) {
      cpu.setSpsr(cpu.spsr() & ~mask | value & mask);
    }
  }

  /**
   * Sets interrupt masks and mode, if nothing else is to be done.
   *
   * @param control the I, F and mode bits
   * @return whether they are set: the mode is a privileged one and stays such, and no interrupt is
   *     requested
   */
  public static boolean setControl(Cpu cpu, int control) {
    if ((control & Psr.MODE) == Psr.USER || !cpu.isPrivileged() || cpu.interruptRequested()) {
      return false;
    }
    cpu.setControl(control);
    return true;
  }

  /** Sets the domain access control register. */
  public static void setDomains(Cpu cpu, int value) {
    cpu.cp15.setDomainAccess(value);
  }

  /** Invalidates the TLB's entry for an address; returns whether code was fetched by it. */
  public static boolean flushPage(Cpu cpu, int address) {
    return cpu.spaces.flushPage(address);
  }

  /** Sets the C flag and keeps V. */
  public static void setCarry(Cpu cpu, int carry) {
    cpu.setCarryOverflow(carry, cpu.overflow());
  }
}
