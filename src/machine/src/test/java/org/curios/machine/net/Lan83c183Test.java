package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The PHY through the two wires of the management interface (IEEE 802.3, 22.2.4; data sheet, 9).
 * QEMU 7.2 has none: there all registers read 0.
 */
class Lan83c183Test {
  private static final int OUTPUT_ENABLE = 8;
  private static final int CLOCK = 4;
  private static final int INPUT = 2;

  private final Chip chip = Chip.connected();

  private void out(int value, int bits) {
    for (int i = bits - 1; i >= 0; i--) {
      int level = OUTPUT_ENABLE | value >>> i & 1;
      chip.device.write(8, level, 2);
      chip.device.write(8, level | CLOCK, 2);
    }
  }

  private int in(int bits) {
    int value = 0;
    for (int i = 0; i < bits; i++) {
      chip.device.write(8, 0, 2);
      value = value << 1 | (chip.device.read(8, 2) & INPUT) / INPUT;
      chip.device.write(8, CLOCK, 2);
    }
    return value;
  }

  private int read(int device, int register) {
    chip.bank(3);
    out(-1, 32);
    out(0b0110, 4);
    out(device, 5);
    out(register, 5);
    return in(18);
  }

  private int read(int register) {
    int value = read(0, register);
    assertEquals(0, value >>> 16, "turnaround");
    return value & 0xffff;
  }

  private void write(int register, int value) {
    chip.bank(3);
    out(-1, 32);
    out(0b0101, 4);
    out(0, 5);
    out(register, 5);
    out(0b10, 2);
    out(value, 16);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x3000",
    "2, 0x0016",
    "3, 0xf840",
    "4, 0x01e1",
    "5, 0",
    "16, 0x0022",
    "17, 0",
    "19, 0xffc0",
    "20, 0x00a0",
    "31, 0"
  })
  void resetValues(int register, String value) {
    assertEquals(Integer.decode(value), read(register));
  }

  @Test
  void nobodyAnswersAtOtherAddresses() {
    assertEquals(0, read(1, 2));
  }

  @Test
  void registersAreWritten() {
    write(4, 0x0061);
    assertEquals(0x0061, read(4));
    write(2, 0xffff);
    assertEquals(0x0016, read(2));
    write(0, 0x8000);
    assertEquals(0x01e1, read(4), "reset");
    assertEquals(0x3000, read(0));
  }

  /** Without negotiation the link is there at once; that it was not is reported once. */
  @Test
  void linkWithoutNegotiation() {
    assertEquals(0x7809, read(1));
    assertEquals(0x780d, read(1));
    assertEquals(0x4000, chip.get(0, 2));
  }

  @Test
  void negotiationTakesTimeAndFindsTheBest() {
    chip.set(0, 0xa, 0x0800);
    assertEquals(0, chip.get(0, 2), "no link meanwhile");
    assertEquals(0x7809, read(1));
    chip.ticks.pass(Lan83c183.NEGOTIATION);
    assertEquals(0x4000, chip.get(0, 2));
    read(1);
    assertEquals(0x782d, read(1));
    assertEquals(0x41e1, read(5));
    assertTrue(chip.device.fast());
  }

  @Test
  void advertisedAbilitiesBoundTheSpeed() {
    write(4, 0x0061); // 10 Mbit/s alone
    chip.set(0, 0xa, 0x0800);
    chip.ticks.pass(Lan83c183.NEGOTIATION);
    assertEquals(0x4000, chip.get(0, 2));
    assertEquals(false, chip.device.fast());
    write(4, 0x0001); // nothing
    write(0, 0x3200); // again
    chip.ticks.pass(Lan83c183.NEGOTIATION);
    assertEquals(0, chip.get(0, 2));
  }

  /** Register 18: a bit that has changed stays, and interrupts, until it is read. */
  @Test
  void changeOfTheLinkInterrupts() {
    chip.mask(Chip.INT_PHY);
    read(18);
    write(19, 0xbfc0); // all but the link
    chip.device.unplug();
    assertTrue(chip.line.raised);
    chip.acknowledge(Chip.INT_PHY);
    assertEquals(false, chip.line.raised);
    chip.device.connect(f -> {});
    assertEquals(0xc000, read(18) & 0xc000, "that it had gone");
    assertEquals(0, read(18) & 0xc000, "and has come again");
  }

  /** 8.15: the MAC tells it, too, if LE ENABLE is set. */
  @Test
  void changeOfTheLinkInterruptsInTheMac() {
    chip.device.unplug();
    assertEquals(0, chip.interrupts() & Chip.INT_EPH);
    chip.set(1, 0xc, 0x80);
    chip.device.connect(f -> {});
    assertEquals(Chip.INT_EPH, chip.interrupts() & Chip.INT_EPH);
    chip.set(1, 0xc, 0);
    assertEquals(0, chip.interrupts() & Chip.INT_EPH);
  }

  @Test
  void powerDownAndIsolationCutTheLink() {
    write(0, 0x3800);
    assertEquals(0, chip.get(0, 2));
    write(0, 0x3400);
    assertEquals(0, chip.get(0, 2));
    write(0, 0x3000);
    assertEquals(0x4000, chip.get(0, 2));
  }

  @Test
  void loopback() {
    chip.set(0, 0, 0x8081);
    chip.set(0, 4, 0x0300);
    write(0, 0x4000);
    chip.send(Chip.frame(60));
    assertEquals(0, chip.sent.size());
    assertEquals(Chip.INT_RX, chip.interrupts() & Chip.INT_RX);
  }
}
