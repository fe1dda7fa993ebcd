package org.curios.arm.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;

/**
 * The system control coprocessor of the ARM926EJ-S (ARM DDI 0198, chapter 2; ARM DDI 0100, B3 and
 * B4).
 */
public final class Cp15 implements Stateful {
  /** Main identification: ARM926EJ-S revision 5, as on the VersatilePB. */
  private static final int MAIN_ID = 0x41069265;

  private static final int CACHE_TYPE = 0x1dd20d2;
  private static final int M = 1;
  private static final int A = 1 << 1;
  private static final int S = 1 << 8;
  private static final int R = 1 << 9;
  private static final int V = 1 << 13;

  /** Control bits that can be written: M A C S R I V RR L4; the others read as on the hardware. */
  private static final int WRITABLE = 0xf307;

  /** The bits of an address that the process identifier replaces. */
  static final int PROCESS = 0xfe000000;

  private static final int ALWAYS_ONE = 0x50078;

  private final Cpu cpu;
  private int control;
  private int translationTableBase;
  private int domainAccess;
  private int dataFaultStatus;
  private int instructionFaultStatus;
  private int faultAddress;
  private int processId;
  private int contextId;
  private int dataLockdown;
  private int instructionLockdown;
  private int tlbLockdown;

  Cp15(Cpu cpu) {
    this.cpu = cpu;
  }

  void reset() {
    control = ALWAYS_ONE;
    translationTableBase = 0;
    domainAccess = 0;
    dataFaultStatus = 0;
    instructionFaultStatus = 0;
    faultAddress = 0;
    processId = 0;
    contextId = 0;
    if (cpu.spaces != null) {
      cpu.spaces.flush();
      cpu.spaces.select();
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int value :
        new int[] {
          control,
          translationTableBase,
          domainAccess,
          dataFaultStatus,
          instructionFaultStatus,
          faultAddress,
          processId,
          contextId,
          dataLockdown,
          instructionLockdown,
          tlbLockdown
        }) {
      out.writeInt(value);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    control = in.readInt();
    translationTableBase = in.readInt();
    domainAccess = in.readInt();
    dataFaultStatus = in.readInt();
    instructionFaultStatus = in.readInt();
    faultAddress = in.readInt();
    processId = in.readInt();
    contextId = in.readInt();
    dataLockdown = in.readInt();
    instructionLockdown = in.readInt();
    tlbLockdown = in.readInt();
    cpu.spaces.flush();
    cpu.spaces.select();
  }

  boolean mmuEnabled() {
    return (control & M) != 0;
  }

  /** Returns whether misaligned accesses abort (the A bit). */
  public boolean checksAlignment() {
    return (control & A) != 0;
  }

  boolean systemProtection() {
    return (control & S) != 0;
  }

  boolean romProtection() {
    return (control & R) != 0;
  }

  /** Returns whether exceptions have their vectors at the top of memory (the V bit). */
  public boolean highVectors() {
    return (control & V) != 0;
  }

  /** Returns the control register. */
  public int control() {
    return control;
  }

  /** Returns the translation table base register. */
  public int translationTableBase() {
    return translationTableBase;
  }

  /** Returns the domain access control register. */
  public int domainAccess() {
    return domainAccess;
  }

  /** Sets the domain access control register. */
  public void setDomainAccess(int value) {
    domainAccess = value;
    cpu.spaces.select();
  }

  /** Returns the data fault status register. */
  public int dataFaultStatus() {
    return dataFaultStatus;
  }

  /** Returns the instruction fault status register. */
  public int instructionFaultStatus() {
    return instructionFaultStatus;
  }

  /** Returns the fault address register. */
  public int faultAddress() {
    return faultAddress;
  }

  /**
   * Returns the modified virtual address of a virtual one (fast context switch extension, ARM DDI
   * 0100, B8).
   */
  public int modified(int virtual) {
    return (virtual & PROCESS) == 0 ? virtual | processId : virtual;
  }

  /** Tables and domains that a translation depends on; 0 while the MMU is off. */
  long translationTables() {
    return mmuEnabled() ? (long) translationTableBase << 32 | domainAccess & 0xffffffffL : 0;
  }

  /** The other settings that a translation depends on. */
  int translationSettings() {
    return (mmuEnabled() ? control & (M | S | R) : 0) | processId;
  }

  void dataAbort(int status, int address) {
    dataFaultStatus = status;
    faultAddress = address;
  }

  /** Notes why a fetch was refused. */
  public void prefetchAbort(int status) {
    instructionFaultStatus = status;
  }

  /**
   * MRC from the coprocessor.
   *
   * @return the value, or {@link #UNKNOWN}
   */
  public long read(int opcode1, int crn, int crm, int opcode2) {
    int value;
    switch (crn) {
      case 0 -> value = opcode2 == 1 ? CACHE_TYPE : opcode2 == 2 ? 0 : MAIN_ID;
      case 1 -> value = control;
      case 2 -> value = translationTableBase;
      case 3 -> value = domainAccess;
      case 5 -> value = opcode2 == 1 ? instructionFaultStatus : dataFaultStatus;
      case 6 -> value = faultAddress;
      case 7 -> value = crm == 10 || crm == 14 ? Psr.Z : 0; // test (and clean): always clean
      case 9 -> value = opcode2 == 1 ? instructionLockdown : dataLockdown;
      case 10 -> value = tlbLockdown;
      case 13 -> value = opcode2 == 1 ? contextId : processId;
      case 15 -> value = 0;
      default -> {
        return UNKNOWN;
      }
    }
    return opcode1 == 0 || crn == 15 ? value & 0xffffffffL : UNKNOWN;
  }

  /** Result of {@link #read} where there is no such register. */
  static final long UNKNOWN = -1;

  /**
   * MCR to the coprocessor.
   *
   * @return whether there is such a register
   */
  public boolean write(int opcode1, int crn, int crm, int opcode2, int value) {
    if (opcode1 != 0 && crn != 15) {
      return false;
    }
    switch (crn) {
      case 0, 4, 15 -> {}
      case 1 -> {
        control = ALWAYS_ONE | value & WRITABLE;
        cpu.spaces.select();
      }
      case 2 -> {
        translationTableBase = value & 0xffffc000;
        cpu.spaces.select();
      }
      case 3 -> setDomainAccess(value);
      case 5 -> {
        if (opcode2 == 1) {
          instructionFaultStatus = value;
        } else {
          dataFaultStatus = value;
        }
      }
      case 6 -> faultAddress = value;
      case 7 -> {
        if (crm == 0 && opcode2 == 4) {
          cpu.waiting = true;
          cpu.attention = true;
        }
      }
      case 8 -> {
        if (opcode2 == 1) {
          cpu.spaces.flushPage(value);
        } else {
          cpu.spaces.flush();
        }
      }
      case 9 -> {
        if (opcode2 == 1) {
          instructionLockdown = value;
        } else {
          dataLockdown = value;
        }
      }
      case 10 -> tlbLockdown = value;
      case 13 -> {
        if (opcode2 == 1) {
          contextId = value;
        } else {
          processId = value & PROCESS;
          cpu.spaces.select();
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
