package org.curios.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.curios.arm.bus.BusError;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.machine.device.BusMaster;
import org.curios.machine.device.Ds1338;
import org.curios.machine.device.Keyboard;
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
import org.curios.machine.device.RaisedLine;
import org.curios.machine.device.SerialBus;
import org.curios.machine.device.Sic;
import org.curios.machine.device.Sp804;
import org.curios.machine.device.Sp805;
import org.curios.machine.device.Sp810;
import org.curios.machine.device.Ticks;
import org.curios.machine.device.VersatileSysRegs;
import org.curios.machine.net.Smc91c111;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promise of {@link Stateful}: a device that has been restored from another continues as that
 * one does, to the last register and the last tick.
 */
class DeviceStateTest {
  private static final int[] MICROSECONDS = {1, 10, 100, 500, 1, 10, 1_000_000, 1};

  static Stream<Arguments> devices() {
    return Stream.of(
        device("PL011", (ticks, line) -> new Pl011(ticks.clock, line, c -> {})),
        device("SP804", (ticks, line) -> new Sp804(ticks.clock, line)),
        device("PL190", (ticks, line) -> new Pl190(line, level -> {})),
        device("SIC", (ticks, line) -> new Sic(line, new InterruptLine[32])),
        device("PL031", (ticks, line) -> new Pl031(ticks.clock, line)),
        device("PL181", (ticks, line) -> new Pl181(null, line)),
        device("system registers", (ticks, line) -> new VersatileSysRegs(ticks.clock, () -> {})),
        device("PL061", (ticks, line) -> new Pl061(line)),
        device("keyboard", (ticks, line) -> new Pl050(line, new Keyboard())),
        device("mouse", (ticks, line) -> new Pl050(line, new Mouse())),
        device("SP805", (ticks, line) -> new Sp805(ticks.clock, line, () -> {})),
        device("SP810", (ticks, line) -> new Sp810(() -> {})),
        device("PL022", (ticks, line) -> new Pl022(line)),
        device("PL080", (ticks, line) -> new Pl080(ticks.clock, line, new Nothing())),
        device("PL110", (ticks, line) -> new Pl110(ticks.clock, line, new Nothing())),
        device("I2C", (ticks, line) -> new SerialBus(new Ds1338(ticks.clock, 0))),
        device(
            "LAN91C111", (ticks, line) -> connected(new Smc91c111(ticks.clock, line, new byte[6]))),
        device("PCI", (ticks, line) -> new PciBridge.OwnConfiguration()));
  }

  private static Smc91c111 connected(Smc91c111 device) {
    device.connect(f -> {});
    return device;
  }

  /** A bus without memory. */
  private record Nothing() implements BusMaster {
    @Override
    public int read(int address, int size) {
      throw BusError.INSTANCE;
    }

    @Override
    public void write(int address, int value, int size) {
      throw BusError.INSTANCE;
    }
  }

  private static Arguments device(String name, BiFunction<Ticks, RaisedLine, Device> constructor) {
    return Arguments.of(Named.of(name, constructor));
  }

  private static byte[] save(Device device) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ((Stateful) device).save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void restoredDeviceGoesOnAsTheOtherDoes(BiFunction<Ticks, RaisedLine, Device> constructor)
      throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 1000; round++) {
      Ticks ticks = new Ticks();
      RaisedLine line = new RaisedLine();
      Device device = constructor.apply(ticks, line);
      for (int i = 0; i < 40; i++) {
        device.write(random.nextInt(0x240 / 4) * 4, value(random), 4);
        device.write(random.nextInt(0x60 / 4) * 4, value(random), 4);
        ticks.passMicroseconds(random.nextInt(20));
      }
      byte[] state = save(device);
      RaisedLine otherLine = new RaisedLine();
      Device other = constructor.apply(ticks, otherLine);
      ((Stateful) other).restore(new DataInputStream(new ByteArrayInputStream(state)));
      assertArrayEquals(state, save(other));
      for (int microseconds : MICROSECONDS) {
        assertEquals(line.raised, otherLine.raised, "interrupt");
        for (int offset = 0; offset < 0x240; offset += 4) {
          int at = offset;
          assertEquals(
              device.read(at, 4), other.read(at, 4), () -> "register " + Integer.toHexString(at));
        }
        int control = random.nextInt(0x60 / 4) * 4;
        int written = value(random);
        device.write(control, written, 4);
        other.write(control, written, 4);
        ticks.passMicroseconds(microseconds);
      }
    }
  }

  private static int value(Random random) {
    return random.nextBoolean() ? random.nextInt() : random.nextInt(0x200);
  }
}
