package org.curios.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.curios.arm.bus.BusError;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;

/**
 * The VersatilePB with an ARM926EJ-S (ARM DUI 0224, 4.1): its devices, their addresses and
 * interrupts.
 */
public final class VersatilePb {
  /** Linux machine number of the board, in R1 at the start of a raw image. */
  public static final int MACHINE_NUMBER = 387;

  private static final int VIC_TIMER01 = 4;
  private static final int VIC_TIMER23 = 5;
  private static final int VIC_RTC = 10;
  private static final int VIC_UART0 = 12;
  private static final int VIC_SIC = 31;
  private static final int SIC_MMCI0A = 22;
  private static final int SIC_MMCI0B = 1;

  /**
   * A device at its place.
   *
   * @param name as in the manual
   * @param base physical address
   * @param size bytes
   * @param device what answers there
   */
  public record Place(String name, int base, int size, Device device) {}

  private final Pl011[] uarts = new Pl011[3];
  private final List<Place> places;

  /**
   * Builds the board around a processor.
   *
   * @param card the SD card in the slot, or null
   * @param outputs where the three UARTs send to
   * @param reset what the reset register does
   */
  VersatilePb(Cpu cpu, SdCard card, Pl011.Output[] outputs, Runnable reset) {
    VirtualClock clock = cpu.clock;
    Pl190 vic = new Pl190(cpu::setIrq, cpu::setFiq);
    InterruptLine[] direct = new InterruptLine[32];
    for (int i = 21; i <= 30; i++) {
      direct[i] = vic.input(i);
    }
    Sic sic = new Sic(vic.input(VIC_SIC), direct);
    for (int i = 0; i < 3; i++) {
      uarts[i] = new Pl011(clock, vic.input(VIC_UART0 + i), outputs[i]);
    }
    places =
        List.of(
            new Place("sysregs", 0x10000000, 0x1000, new VersatileSysRegs(clock, reset)),
            new Place("sic", 0x10003000, 0x1000, sic),
            new Place(
                "mmci0",
                0x10005000,
                0x1000,
                new Pl181(card, sic.input(SIC_MMCI0A), sic.input(SIC_MMCI0B))),
            new Place("vic", 0x10140000, 0x1000, vic),
            new Place("sysctl", 0x101e0000, 0x1000, new SystemController()),
            new Place("timer01", 0x101e2000, 0x1000, new Sp804(clock, vic.input(VIC_TIMER01))),
            new Place("timer23", 0x101e3000, 0x1000, new Sp804(clock, vic.input(VIC_TIMER23))),
            new Place("rtc", 0x101e8000, 0x1000, new Pl031(clock, vic.input(VIC_RTC))),
            new Place("uart0", 0x101f1000, 0x1000, uarts[0]),
            new Place("uart1", 0x101f2000, 0x1000, uarts[1]),
            new Place("uart2", 0x101f3000, 0x1000, uarts[2]));
  }

  /** Returns the devices by rising address: the board's memory map. */
  public List<Place> places() {
    return places;
  }

  /**
   * Returns a UART.
   *
   * @param number 0 to 2
   */
  public Pl011 uart(int number) {
    return uarts[number];
  }

  /**
   * The system controller SP810 as far as software asks it: one control register that keeps its
   * value.
   */
  private static final class SystemController implements Device, Stateful {
    private int control = 9;

    @Override
    public int read(int offset, int size) {
      if (offset >= 0x40) {
        throw BusError.INSTANCE;
      }
      return offset == 0 ? control : 0;
    }

    @Override
    public void write(int offset, int value, int size) {
      if (offset == 0) {
        control = value;
      }
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeInt(control);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      control = in.readInt();
    }
  }
}
