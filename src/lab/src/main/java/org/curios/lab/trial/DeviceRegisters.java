package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.machine.Machine;
import org.curios.machine.VersatilePb.Place;

/**
 * Registers of devices that faults strike: those of the devices that CuriOS uses all the time that
 * store what is written and are not changed by reads.
 */
public final class DeviceRegisters {
  private static final int NONE = -1;

  /** Offset of the register of the Ethernet controller that selects a bank of the others. */
  private static final int BANK = 0x0e;

  /**
   * SP804 TRM (DDI 0271), 3.2; PL190 TRM (DDI 0181), 3.3; DUI 0225, 4.10; PL011, PL181 TRMs;
   * LAN91C111 data sheet, 8.
   */
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
          new Register("mmci0", "mask", 0x3c, NONE, 22),
          new Register("net", "transmit", 0x00, NONE, 16, 2, 0),
          new Register("net", "receive", 0x04, NONE, 15, 2, 0),
          new Register("net", "control", 0x0c, NONE, 16, 2, 1),
          new Register("net", "mask", 0x0d, NONE, 8, 1, 2),
          new Register("net", "bank", BANK, NONE, 3, 2, NONE));

  /**
   * A register.
   *
   * @param device name of its place on the board
   * @param name its name here
   * @param offset bytes from the device's base
   * @param clear offset of the register that clears bits, where writing can only set them; else -1
   * @param bits how many it has, from bit 0
   * @param width bytes of an access to it
   * @param bank the bank that it is in; else -1
   */
  private record Register(
      String device, String name, int offset, int clear, int bits, int width, int bank) {
    Register(String device, String name, int offset, int clear, int bits) {
      this(device, name, offset, clear, bits, Integer.BYTES, NONE);
    }

    String text() {
      return device + "." + name;
    }

    int read(Bus bus, int base) {
      int selected = select(bus, base, bank);
      int value = bus.read(base + offset, width);
      select(bus, base, selected);
      return value;
    }

    void write(Bus bus, int base, int at, int value) {
      int selected = select(bus, base, bank);
      bus.write(base + at, value, width);
      select(bus, base, selected);
    }

    /** Selects a bank, if the device has any; returns the one that was selected. */
    private static int select(Bus bus, int base, int bank) {
      if (bank == NONE) {
        return NONE;
      }
      int selected = bus.read(base + BANK, Short.BYTES) & 7;
      bus.write(base + BANK, bank, Short.BYTES);
      return selected;
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
    return r.read(m.bus(), base(m, r.device));
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
          int before = r.read(m.bus(), base);
          int after = fault.mode().apply(before, mask);
          if (after == before) {
            return;
          }
          if (r.clear != NONE && (before & ~after) != 0) {
            r.write(m.bus(), base, r.clear, before & ~after);
          }
          if (r.clear == NONE || (after & ~before) != 0) {
            r.write(m.bus(), base, r.offset, after);
          }
        };
    host.change(fault, change);
  }
}
