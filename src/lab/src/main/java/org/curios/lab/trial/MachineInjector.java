package org.curios.lab.trial;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.GuestException;
import org.curios.lab.LabException;
import org.curios.machine.Machine;

/** Applies faults of the processor, of RAM and of the board, whatever program runs. */
public final class MachineInjector {
  private static final int PC = 15;
  private static final int SP = 13;
  private static final int WORD = 4;

  /** Fault status: external abort on a non-linefetch of a page (ARM DDI 0100, B4.6). */
  private static final int EXTERNAL = 0xa;

  /** Registers that all modes but FIQ share, and that can be stuck. */
  private static final int SHARED = 12;

  private MachineInjector() {}

  /**
   * Applies a fault to an image other than CuriOS; addresses in its place are physical.
   *
   * @param host carries on with what lasts
   * @throws LabException when there is no such place at this moment, or the fault needs CuriOS
   */
  public static void strike(Machine m, Fault fault, FaultHost host) {
    switch (fault.kind()) {
      case REGISTER -> strikeRegister(m.cpu(), fault, host);
      case MODE_REGISTER -> ModeRegisters.strike(m.cpu(), fault, host);
      case CODE, MEMORY -> strikeBits(m, fault, address(fault, fault.place()), 1, host);
      case ABORT -> abort(m.cpu(), fault);
      case MUTATION -> mutate(m, fault, address(fault, fault.address()));
      case INTERRUPT -> Interrupts.strike(m, fault, host);
      case DEVICE -> DeviceRegisters.strike(m, fault, host);
      default -> throw nowhere(fault);
    }
  }

  static LabException nowhere(Fault fault) {
    return new LabException(
        fault + ": there is no such place at that tick; replay it on the system it was found on");
  }

  static int address(Fault fault, String place) {
    try {
      return Integer.parseUnsignedInt(place, 16);
    } catch (NumberFormatException e) {
      throw nowhere(fault);
    }
  }

  /**
   * Changes bits within a part of RAM, in one byte or in two.
   *
   * @param physical where the part starts; -1 for nowhere
   * @param bytes its size
   */
  static void strikeBits(Machine m, Fault fault, int physical, int bytes, FaultHost host) {
    boolean there = physical != -1 && m.bus().isRam(physical);
    if (!there || fault.bit() + fault.bits() > 8 * bytes) {
      throw nowhere(fault);
    }
    Runnable change =
        () -> {
          int mask = fault.mask(8);
          int at = physical + fault.bit() / 8;
          for (int i = 0; mask >>> 8 * i != 0; i++) {
            int before = m.bus().read(at + i, 1);
            int after = fault.mode().apply(before, mask >>> 8 * i & 0xff) & 0xff;
            if (after != before) {
              m.cpu().memory.patch(at + i, after);
            }
          }
        };
    host.change(fault, change);
  }

  static void strikeRegister(Cpu cpu, Fault fault, FaultHost host) {
    if (fault.bit() + fault.bits() > Integer.SIZE) {
      throw nowhere(fault);
    }
    int mask = fault.mask(Integer.SIZE);
    if (fault.place().equals("cpsr") && fault.isTransient()) {
      cpu.setStatus(cpu.cpsr() ^ mask);
      return;
    }
    int number =
        fault.place().matches("r([0-9]|1[0-5])")
            ? Integer.parseInt(fault.place().substring(1))
            : -1;
    if (number < 0) {
      throw nowhere(fault);
    }
    if (!fault.isTransient()) {
      if (number > SHARED) {
        throw new LabException(fault + ": only r0 to r12 can be stuck");
      }
      Runnable change =
          () -> cpu.setRegister(number, fault.mode().apply(cpu.register(number), mask));
      host.change(fault, change);
    } else if (number == PC) {
      cpu.pc ^= mask;
    } else {
      cpu.setRegister(number, cpu.register(number) ^ mask);
    }
  }

  /** Makes the current instruction end in an external abort. */
  static void abort(Cpu cpu, Fault fault) {
    switch (fault.place()) {
      case "data" -> {
        cpu.cp15.write(0, 5, 0, 0, EXTERNAL);
        cpu.cp15.write(0, 6, 0, 0, cpu.register(SP));
        cpu.enter(GuestException.DATA_ABORT, (cpu.pc & ~1) + 2 * WORD);
      }
      case "prefetch" -> {
        cpu.cp15.prefetchAbort(EXTERNAL);
        cpu.enter(GuestException.PREFETCH_ABORT, (cpu.pc & ~1) + WORD);
      }
      default -> throw nowhere(fault);
    }
  }

  /**
   * Replaces an instruction by a mistaken one.
   *
   * @param physical its address; -1 for nowhere
   */
  static void mutate(Machine m, Fault fault, int physical) {
    Mutation mutation = Mutation.of(fault.place().replaceFirst("[^:]*:?", ""));
    int at = physical & -WORD;
    if (mutation == null || !m.bus().isRam(at)) {
      throw nowhere(fault);
    }
    int word = m.bus().read(at, WORD);
    if (!mutation.suits(word)) {
      throw nowhere(fault);
    }
    int mutated = mutation.apply(word);
    for (int i = 0; i < WORD; i++) {
      m.cpu().memory.patch(at + i, mutated >>> 8 * i & 0xff);
    }
  }
}
