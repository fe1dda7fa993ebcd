package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.machine.Machine;
import org.curios.machine.VersatilePb.Place;

/**
 * Registers of devices that faults strike: those of the devices that CuriOS uses all the time that
 * store what is written and are not changed by reads.
 */
public final class DeviceRegisters {
  private static final int NONE = -1;

  /** SP804 TRM (DDI 0271), 3.2; PL190 TRM (DDI 0181), 3.3; DUI 0225, 4.10; PL011, PL181 TRMs. */
  private static final List<Register> ALL =
      List.of(
          new Register("timer01", "load", 0x00, NONE, 32),
          new Register("timer01", "control", 0x08, NONE, 8),
          new Register("timer01", "load2", 0x20, NONE, 32),
          new Register("timer01", "control2", 0x28, NONE, 8),
          new Register("vic", "select", 0x0c, NONE, 32),
          new Register("vic", "enable", 0x10, 0x14, 32),
          new Register("sic", "enable", 0x08, 0x0c, 32),
          new Register("uart0", "divisor", 0x24, NONE, 16),
          new Register("uart0", "line", 0x2c, NONE, 8),
          new Register("uart0", "control", 0x30, NONE, 16),
          new Register("uart0", "mask", 0x38, NONE, 11),
          new Register("mmci0", "clock", 0x04, NONE, 12),
          new Register("mmci0", "timer", 0x24, NONE, 32),
          new Register("mmci0", "length", 0x28, NONE, 16),
          new Register("mmci0", "mask", 0x3c, NONE, 22));

  /**
   * A register.
   *
   * @param device name of its place on the board
   * @param name its name here
   * @param offset bytes from the device's base
   * @param clear offset of the register that clears bits, where writing can only set them; else -1
   * @param bits how many it has, from bit 0
   */
  private record Register(String device, String name, int offset, int clear, int bits) {
    String text() {
      return device + "." + name;
    }
  }

  private DeviceRegisters() {}

  /** Returns the names of all, as faults have them. */
  public static List<String> names() {
    return ALL.stream().map(Register::text).toList();
  }

  /** Returns how many bits a register has; 0 for none of that name. */
  public static int bits(String name) {
    Register r = find(name);
    return r == null ? 0 : r.bits;
  }

  private static Register find(String name) {
    return ALL.stream().filter(r -> r.text().equals(name)).findFirst().orElse(null);
  }

  /** Returns where each of a machine's devices is. */
  private static int base(Machine m, String device) {
    List<Place> found = new ArrayList<>(m.board().places());
    found.removeIf(p -> !p.name().equals(device));
    return found.getFirst().base();
  }

  /**
   * Returns the value of a register.
   *
   * @param name one of {@link #names}
   */
  public static int value(Machine m, String name) {
    Register r = find(name);
    return m.bus().read(base(m, r.device) + r.offset, 4);
  }

  /** Changes bits of a register. */
  static void strike(Machine m, Fault fault, FaultHost host) {
    Register r = find(fault.place());
    if (r == null || fault.bit() + fault.bits() > r.bits) {
      throw Injector.nowhere(fault);
    }
    int base = base(m, r.device);
    int mask = fault.mask(Integer.SIZE);
    Runnable change =
        () -> {
          int before = m.bus().read(base + r.offset, 4);
          int after = fault.mode().apply(before, mask);
          if (after == before) {
            return;
          }
          if (r.clear != NONE && (before & ~after) != 0) {
            m.bus().write(base + r.clear, before & ~after, 4);
          }
          if (r.clear == NONE || (after & ~before) != 0) {
            m.bus().write(base + r.offset, after, 4);
          }
        };
    host.change(fault, change);
  }
}
