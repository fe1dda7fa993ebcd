package org.curios.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.machine.card.SdCard;
import org.curios.machine.device.BusMaster;
import org.curios.machine.device.CfiFlash;
import org.curios.machine.device.Ds1338;
import org.curios.machine.device.Keyboard;
import org.curios.machine.device.LostInterrupts;
import org.curios.machine.device.Mouse;
import org.curios.machine.device.PciBridge;
import org.curios.machine.device.Pl011;
import org.curios.machine.device.Pl022;
import org.curios.machine.device.Pl031;
import org.curios.machine.device.Pl050;
import org.curios.machine.device.Pl061;
import org.curios.machine.device.Pl080;
import org.curios.machine.device.Pl110;
import org.curios.machine.device.Pl181;
import org.curios.machine.device.Pl190;
import org.curios.machine.device.RegisterDevices;
import org.curios.machine.device.SerialBus;
import org.curios.machine.device.Sic;
import org.curios.machine.device.Sp804;
import org.curios.machine.device.Sp805;
import org.curios.machine.device.Sp810;
import org.curios.machine.device.VersatileSysRegs;
import org.curios.machine.net.Smc91c111;

/**
 * The VersatilePB with an ARM926EJ-S (ARM DUI 0224, 4.1): its devices, their addresses and
 * interrupts.
 */
public final class VersatilePb {
  /** Linux machine number of the board, in R1 at the start of a raw image. */
  public static final int MACHINE_NUMBER = 387;

  private static final int WATCHDOG = 0;
  private static final int TIMER01 = 4;
  private static final int TIMER23 = 5;
  private static final int GPIO0 = 6;
  private static final int RTC = 10;
  private static final int SSP = 11;
  private static final int UART0 = 12;
  private static final int CLCD = 16;
  private static final int DMA = 17;
  private static final int SECONDARY = 31;

  private static final int SIC_MMCI0B = 1;
  private static final int SIC_MMCI1B = 2;
  private static final int SIC_KEYBOARD = 3;
  private static final int SIC_MOUSE = 4;
  private static final int SIC_UART3 = 6;
  private static final int SIC_MMCI0A = 22;
  private static final int SIC_MMCI1A = 23;
  private static final int SIC_ETHERNET = 25;

  private static final int CARDIN0 = 1;
  private static final int WPROT0 = 1 << 2;

  private static final int UARTS = 4;
  private static final int[] UART_BASES = {0x101f1000, 0x101f2000, 0x101f3000, 0x10009000};
  private static final int PAGE = 0x1000;

  /**
   * A device at its place.
   *
   * @param name as in the manual
   * @param base physical address
   * @param size bytes
   * @param device what answers there
   */
  public record Place(String name, int base, int size, Device device) {}

  private final Pl011[] uarts = new Pl011[UARTS];
  private final Pl110 screen;
  private final CfiFlash flash;
  private final VersatileSysRegs system;
  private final SdCard card;
  private final Pl181 slot;
  private final SerialBus serialBus;
  private final Smc91c111 ethernet;
  private final LostInterrupts interrupts;
  private final List<Place> places = new ArrayList<>();

  /**
   * Builds the board around a processor.
   *
   * @param card the SD card in the first slot, or null
   * @param flash the flash memory
   * @param mac address of the Ethernet controller, six bytes
   * @param outputs outputs of the four UARTs
   * @param reset action of the reset register and the watchdog
   */
  VersatilePb(
      Cpu cpu,
      Bus bus,
      SdCard card,
      CfiFlash flash,
      byte[] mac,
      Pl011.Output[] outputs,
      Runnable reset) {
    this.flash = flash;
    VirtualClock clock = cpu.clock;
    BusMaster master = new Master(cpu, bus);
    Pl190 vic = new Pl190(cpu::setIrq, cpu::setFiq);
    interrupts = new LostInterrupts(clock);
    IntFunction<InterruptLine> lines = n -> interrupts.wire(n, vic.input(n));
    InterruptLine[] direct = new InterruptLine[32];
    for (int i = 21; i <= 30; i++) {
      direct[i] = lines.apply(i);
    }
    Sic sic = new Sic(lines.apply(SECONDARY), direct);
    screen = new Pl110(clock, lines.apply(CLCD), master);
    this.card = card;
    slot = new Pl181(card, sic.input(SIC_MMCI0A), sic.input(SIC_MMCI0B));
    system = new VersatileSysRegs(clock, reset, screen::multiplex, this::cards);
    serialBus = new SerialBus(new Ds1338(clock, Pl031.EPOCH));
    for (int i = 0; i < UARTS; i++) {
      InterruptLine line = i < 3 ? lines.apply(UART0 + i) : sic.input(SIC_UART3);
      uarts[i] = new Pl011(clock, line, outputs[i]);
      page("uart" + i, UART_BASES[i], uarts[i]);
    }
    page("sysregs", 0x10000000, system);
    page("pci", 0x10001000, PciBridge.registers());
    page("i2c", 0x10002000, serialBus);
    page("sic", 0x10003000, sic);
    page("aaci", 0x10004000, RegisterDevices.pl041());
    page("mmci0", 0x10005000, slot);
    page("kmi0", 0x10006000, new Pl050(sic.input(SIC_KEYBOARD), new Keyboard()));
    page("kmi1", 0x10007000, new Pl050(sic.input(SIC_MOUSE), new Mouse()));
    page("charlcd", 0x10008000, RegisterDevices.characterLcd());
    page("sci1", 0x1000a000, RegisterDevices.pl131());
    page("mmci1", 0x1000b000, new Pl181(null, sic.input(SIC_MMCI1A), sic.input(SIC_MMCI1B)));
    ethernet = new Smc91c111(clock, sic.input(SIC_ETHERNET), mac);
    place("net", 0x10010000, 16 * PAGE, ethernet);
    page("ssmc", 0x10100000, RegisterDevices.pl093());
    page("mpmc", 0x10110000, RegisterDevices.gx175());
    page("clcd", 0x10120000, screen);
    page("dmac", 0x10130000, new Pl080(clock, lines.apply(DMA), master));
    page("vic", 0x10140000, vic);
    page("sysctl", 0x101e0000, new Sp810(reset));
    page("watchdog", 0x101e1000, new Sp805(clock, lines.apply(WATCHDOG), reset));
    page("timer01", 0x101e2000, new Sp804(clock, lines.apply(TIMER01)));
    page("timer23", 0x101e3000, new Sp804(clock, lines.apply(TIMER23)));
    for (int i = 0; i < 4; i++) {
      page("gpio" + i, 0x101e4000 + PAGE * i, new Pl061(lines.apply(GPIO0 + i)));
    }
    page("rtc", 0x101e8000, new Pl031(clock, lines.apply(RTC)));
    page("sci0", 0x101f0000, RegisterDevices.pl131());
    page("ssp", 0x101f4000, new Pl022(lines.apply(SSP)));
    place("flash", 0x34000000, CfiFlash.SIZE, flash);
    place("pci-self", 0x41000000, 0x1000000, new PciBridge.OwnConfiguration());
    place("pci-config", 0x42000000, 0x1000000, new PciBridge.Empty());
    place("pci-io", 0x43000000, 0x1000000, new PciBridge.Empty());
    place("pci-mem", 0x44000000, 0x2c000000, new PciBridge.Empty());
    places.sort(Comparator.comparingLong(p -> Integer.toUnsignedLong(p.base)));
  }

  /** SYS_MCI (DUI 0224, 4.2): CARDIN0 and WPROT0. No interrupt reports a change. */
  private int cards() {
    if (card == null || !card.slot().isInserted()) {
      return 0;
    }
    return CARDIN0 | (card.slot().isProtected() ? WPROT0 : 0);
  }

  /** Removes the card from the first slot, or inserts it again. */
  void setInserted(boolean inserted) {
    slot.setInserted(inserted);
  }

  private void page(String name, int base, Device device) {
    place(name, base, PAGE, device);
  }

  private void place(String name, int base, int size, Device device) {
    places.add(new Place(name, base, size, device));
  }

  /** Returns the devices by rising address: the board's memory map. */
  public List<Place> places() {
    return List.copyOf(places);
  }

  /**
   * Returns a UART.
   *
   * @param number 0 to 3
   */
  public Pl011 uart(int number) {
    return uarts[number];
  }

  /** Returns the display controller. */
  public Pl110 screen() {
    return screen;
  }

  /** Returns the Ethernet controller. */
  public Smc91c111 ethernet() {
    return ethernet;
  }

  /** Returns the wires to the primary interrupt controller. */
  public LostInterrupts interrupts() {
    return interrupts;
  }

  /** Returns the state that a reset of the board does not change: that with a battery. */
  Stateful lasting() {
    return serialBus;
  }

  /** Returns the system registers. */
  VersatileSysRegs system() {
    return system;
  }

  /** Returns the flash memory. */
  CfiFlash flash() {
    return flash;
  }

  /**
   * Devices write to RAM without the processor's knowledge: code made of the old bytes is dropped.
   */
  private record Master(Cpu cpu, Bus bus) implements BusMaster {
    @Override
    public int read(int address, int size) {
      return bus.read(address, size);
    }

    @Override
    public void write(int address, int value, int size) {
      if (!bus.isRam(address)) {
        bus.write(address, value, size);
        return;
      }
      for (int i = 0; i < size; i++) {
        cpu.memory.patch(address + i, value >>> 8 * i & 0xff);
      }
    }
  }
}
