package org.curios.lab.trial;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;

/** The banked registers of modes (ARM DDI 0100, A2.4), as faults name them. */
public final class ModeRegisters {
  private static final int SPSR = 16;
  private static final int FIRST_OF_FIQ = 8;
  private static final int SP = 13;
  private static final int LINK = 14;

  private static final Map<String, Register> ALL = new LinkedHashMap<>();

  /** A register of a mode, by its number; 16 is the SPSR. */
  private record Register(int mode, int number) {}

  static {
    Map<String, Integer> modes = new LinkedHashMap<>();
    modes.put("usr", Psr.USER);
    modes.put("svc", Psr.SUPERVISOR);
    modes.put("irq", Psr.IRQ);
    modes.put("abt", Psr.ABORT);
    modes.put("und", Psr.UNDEFINED);
    modes.put("fiq", Psr.FIQ);
    modes.forEach((suffix, mode) -> {
      for (int n = mode == Psr.FIQ ? FIRST_OF_FIQ : SP; n <= LINK; n++) {
        ALL.put("r" + n + "_" + suffix, new Register(mode, n));
      }
      if (mode != Psr.USER) {
        ALL.put("spsr_" + suffix, new Register(mode, SPSR));
      }
    });
  }

  private ModeRegisters() {}

  /** Returns the names of all: {@code r13_svc}, {@code spsr_irq} and so on. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * Returns the value of a register.
   *
   * @param name one of {@link #names}
   */
  public static int value(Cpu cpu, String name) {
    Register r = ALL.get(name);
    return cpu.banked(r.mode, r.number);
  }

  /** Puts the values of all into a part of an array, in the order of {@link #names}. */
  static void read(Cpu cpu, int[] to, int from) {
    int n = from;
    for (Register r : ALL.values()) {
      to[n++] = cpu.banked(r.mode, r.number);
    }
  }

  /** Changes bits of a register. */
  static void strike(Cpu cpu, Fault fault, FaultHost host) {
    Register r = ALL.get(fault.place());
    if (r == null || fault.bit() + fault.bits() > Integer.SIZE) {
      throw Injector.nowhere(fault);
    }
    int mask = fault.mask(Integer.SIZE);
    Runnable change =
        () ->
            cpu.setBanked(r.mode, r.number, fault.mode().apply(cpu.banked(r.mode, r.number), mask));
    host.change(fault, change);
  }
}
