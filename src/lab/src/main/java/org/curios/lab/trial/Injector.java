package org.curios.lab.trial;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.Names;
import org.curios.machine.Machine;

/** Changes a machine as a fault says. */
public final class Injector {
  private static final int PC = 15;
  private static final int SP = 13;
  private static final int PACKED = Names.STATE_MODES.indexOf("packed");

  private Injector() {}

  /**
   * Carries a fault out.
   *
   * @throws LabException when there is no such place at this moment
   */
  public static void strike(View v, Fault fault) {
    switch (fault.kind()) {
      case REGISTER, KERNEL_REGISTER -> flipRegister(v.machine().cpu(), fault);
      case CODE, PRIVATE -> {
        int address = address(fault);
        int physical = v.physical(v.object(fault.object()), address);
        flipByte(v.machine(), fault, physical);
      }
      case KERNEL_MEMORY -> flipByte(v.machine(), fault, address(fault));
      case SSR -> {
        Struct s = state(v, fault);
        if (fault.bit() >= 8 * s.get("bytes")) {
          throw nowhere(fault);
        }
        flip(v.machine(), v.stateAddress(s) + fault.bit() / 8, fault.bit() % 8);
      }
      case CRASH -> crash(v, fault);
    }
  }

  private static LabException nowhere(Fault fault) {
    return new LabException(
        fault + ": there is no such place at that tick; replay it on the system it was found on");
  }

  private static int address(Fault fault) {
    try {
      return Integer.parseUnsignedInt(fault.place(), 16);
    } catch (NumberFormatException e) {
      throw nowhere(fault);
    }
  }

  private static void flipByte(Machine m, Fault fault, int physical) {
    if (physical == -1 || !m.bus().isRam(physical) || fault.bit() >= 8) {
      throw nowhere(fault);
    }
    flip(m, physical, fault.bit());
  }

  /** Flips a bit of a byte in RAM. */
  public static void flip(Machine m, int physical, int bit) {
    m.cpu().memory.patch(physical, m.bus().read(physical, 1) ^ 1 << bit);
  }

  private static void flipRegister(Cpu cpu, Fault fault) {
    if (fault.bit() >= Integer.SIZE) {
      throw nowhere(fault);
    }
    int mask = 1 << fault.bit();
    if (fault.place().equals("cpsr")) {
      cpu.setCpsr(cpu.cpsr() ^ mask);
      return;
    }
    int number =
        fault.place().matches("r([0-9]|1[0-5])")
            ? Integer.parseInt(fault.place().substring(1))
            : -1;
    switch (number) {
      case -1 -> throw nowhere(fault);
      case PC -> cpu.pc ^= mask;
      default -> cpu.setRegister(number, cpu.register(number) ^ mask);
    }
  }

  /** Returns the state that a fault names. */
  private static Struct state(View v, Fault fault) {
    int hash = fault.place().indexOf('#');
    if (hash > 0) {
      long owner = v.object(fault.place().substring(0, hash)).struct().get("id");
      String number = fault.place().substring(hash + 1);
      return v.states(v.object(fault.object())).stream()
          .filter(s -> s.get("owner") == owner)
          .skip(number.matches("\\d{1,4}") ? Integer.parseInt(number) : Integer.MAX_VALUE)
          .findFirst()
          .orElseThrow(() -> nowhere(fault));
    }
    throw nowhere(fault);
  }

  /** Returns the activation that runs; the processor is in user mode. */
  static Struct activation(View v) {
    return v.frame(v.machine().cpu().banked(Psr.SUPERVISOR, SP));
  }

  /** Returns the object whose code runs, or null in the kernel and before there are any. */
  static Obj running(View v) {
    return v.machine().cpu().mode() == Psr.USER ? v.objectAt(activation(v).get("object")) : null;
  }

  /** Returns the client at the bottom of the thread that runs. */
  static Obj client(View v) {
    Struct thread = v.threadOf(activation(v).address());
    return v.objectAt(v.frame(thread.addressOf("frames")).get("object"));
  }

  /** Lets the method at hand go on with what an armed crash does at its entry. */
  private static void crash(View v, Fault fault) {
    int number = Names.CRASHES.indexOf(fault.place()) + 1;
    Obj running = running(v);
    if (number == 0 || running == null || !running.name().equals(fault.object())) {
      throw nowhere(fault);
    }
    Cpu cpu = v.machine().cpu();
    Struct frame = activation(v);
    int entry = v.machine().bus().read(v.symbol("crash_entries") + 4 * number, 4);
    int state = 0;
    if (frame.get("ssr") != 0) {
      Struct s = v.struct("Ssr", (int) frame.get("ssr"));
      state = (int) (s.get("kind") == PACKED ? frame.get("stack") : s.get("address"));
    }
    cpu.setRegister(0, state);
    if (fault.place().equals("contract") || fault.place().equals("state")) {
      cpu.setRegister(SP, (int) frame.get("stack")); // it returns in order, but for what it breaks
    }
    cpu.pc = entry;
  }

  /** Returns the number of the MiB of an object. */
  static int region(Obj o) {
    return View.region(o);
  }
}
