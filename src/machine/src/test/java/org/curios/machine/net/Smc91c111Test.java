package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The LAN91C111 by its data sheet, section by section; where QEMU 7.2 differs is said. */
class Smc91c111Test {
  @ParameterizedTest
  @CsvSource({
    "0, 0x0, 0x0000", "0, 0x2, 0x0000", "0, 0x4, 0x0000", "0, 0x6, 0x0000", "0, 0x8, 0x0404",
    "0, 0xa, 0x0000", "0, 0xe, 0x3300", "1, 0x0, 0xa0b1", "1, 0x2, 0x1801", "1, 0x4, 0x5452",
    "1, 0x6, 0x1200", "1, 0x8, 0x5634", "1, 0xa, 0x0000", "1, 0xc, 0x1210", "1, 0xe, 0x3301",
    "2, 0x0, 0x0000", "2, 0x2, 0x8000", "2, 0x4, 0x8080", "2, 0x6, 0x0000", "2, 0xc, 0x0004",
    "2, 0xe, 0x3302", "3, 0x0, 0x0000", "3, 0x6, 0x0000", "3, 0x8, 0x3330", "3, 0xa, 0x3391",
    "3, 0xc, 0x331f", "3, 0xe, 0x3303"
  })
  void resetValues(int bank, String offset, String value) {
    assertEquals(Integer.decode(value), new Chip().get(bank, Integer.decode(offset)));
  }

  /** 8.5: a write of 32 bits at 0xc goes to the bank alone. */
  @Test
  void wideWriteBesideTheBankWritesTheBankAlone() {
    Chip chip = new Chip();
    chip.mask(0x55);
    chip.device.write(0xc, 0x0001_ffff, 4);
    assertEquals(0x3301, chip.device.read(0xe, 2));
    assertEquals(0x55, chip.get(2, 0xc) >>> 8);
  }

  @Test
  void registersOfWordsTakeBytes() {
    Chip chip = new Chip();
    chip.bank(1);
    chip.device.write(0xa, 0x34, 1);
    chip.device.write(0xb, 0x12, 1);
    assertEquals(0x1234, chip.device.read(0xa, 2));
    assertEquals(0x12, chip.device.read(0xb, 1));
    assertEquals(0x1210_1234, chip.device.read(0xa, 2) | chip.device.read(0xc, 2) << 16);
  }

  @Test
  void reservedBitsStayClear() {
    Chip chip = new Chip();
    chip.set(0, 0, 0xffff);
    assertEquals(0xbd87, chip.get(0, 0));
    chip.set(0, 4, 0x7fff);
    assertEquals(0x6307, chip.get(0, 4));
    chip.set(0, 0xa, 0xffff);
    assertEquals(0x38fc, chip.get(0, 0xa));
    chip.set(2, 6, 0xffff);
    assertEquals(0xe7ff, chip.get(2, 6));
  }

  /** 8.16: an allocation gives a page and says so; QEMU forgets that when the result is read. */
  @Test
  void allocationCompletes() {
    Chip chip = new Chip();
    assertEquals(0, chip.interrupts() & Chip.INT_ALLOC);
    chip.command(Chip.ALLOCATE);
    assertEquals(0, chip.get(2, 2) >>> 8);
    assertEquals(Chip.INT_ALLOC, chip.interrupts() & Chip.INT_ALLOC);
    assertEquals(0x0304, chip.get(0, 8));
    assertEquals(0, chip.get(2, 2) >>> 8);
  }

  /** 8.16: an allocation for which there is no page waits, and takes the next that is released. */
  @Test
  void allocationIsDeferred() {
    Chip chip = new Chip();
    chip.mask(Chip.INT_ALLOC);
    for (int i = 0; i < 4; i++) {
      assertEquals(i, chip.allocate());
    }
    assertEquals(0x0004, chip.get(0, 8));
    chip.command(Chip.ALLOCATE);
    assertEquals(0x80, chip.get(2, 2) >>> 8);
    assertEquals(0, chip.interrupts() & Chip.INT_ALLOC);
    assertFalse(chip.line.raised);

    chip.set(2, 2, 2);
    chip.command(Chip.RELEASE);
    assertTrue(chip.line.raised);
    assertEquals(2, chip.get(2, 2) >>> 8);
    assertEquals(0x0004, chip.get(0, 8), "the page has gone to who waited for it");
  }

  /** A page that the transmitter releases serves an allocation that waits, too. */
  @Test
  void deferredAllocationTakesThePageOfASentPacket() {
    Chip chip = Chip.enabled();
    chip.set(1, 0xc, 0x0800); // auto release
    for (int i = 0; i < 4; i++) {
      chip.allocate();
      chip.fill(Chip.frame(100));
    }
    chip.command(Chip.ALLOCATE);
    assertEquals(0x80, chip.get(2, 2) >>> 8);
    chip.set(2, 2, 1);
    chip.command(Chip.ENQUEUE);
    chip.ticks.passMicroseconds(100);
    assertEquals(1, chip.get(2, 2) >>> 8);
  }

  /** A received frame that is released serves it, and no frame takes the page first. */
  @Test
  void deferredAllocationComesBeforeTheReceiver() {
    Chip chip = Chip.enabled();
    for (int i = 0; i < 4; i++) {
      chip.device.receive(Chip.frame(60));
    }
    chip.command(Chip.ALLOCATE);
    chip.command(Chip.REMOVE_AND_RELEASE);
    assertEquals(0, chip.get(2, 2) >>> 8);
    assertFalse(chip.device.canReceive());
  }

  @Test
  void resetOfTheMemoryFreesAll() {
    Chip chip = Chip.enabled();
    chip.allocate();
    chip.device.receive(Chip.frame(60));
    chip.command(Chip.RESET);
    assertEquals(0x0404, chip.get(0, 8));
    assertEquals(0x8080, chip.get(2, 4));
    assertEquals(0x8000, chip.get(2, 2));
    assertEquals(0, chip.interrupts() & (Chip.INT_ALLOC | Chip.INT_RX));
  }

  /** 8.1, 8.2: status, count, data and control byte, for even and odd lengths. */
  @ParameterizedTest
  @CsvSource({"60, 66, 0x40, 0x0000", "61, 66, 0x60, 0x1000", "1514, 1520, 0x40, 0x0000"})
  void frameIsReceived(int length, int count, String control, String status) {
    Chip chip = Chip.enabled();
    chip.mask(Chip.INT_RX);
    assertFalse(chip.line.raised);
    chip.device.receive(Chip.frame(length));
    assertTrue(chip.line.raised);
    assertEquals(0x0080, chip.get(2, 4));
    byte[] image = chip.received(0, count);
    assertEquals(Integer.decode(status), (image[1] & 0xff) << 8 & 0xff00);
    assertEquals(count, image[2] & 0xff | (image[3] & 0xff) << 8);
    assertArrayEquals(Chip.frame(length), Arrays.copyOfRange(image, 4, 4 + length));
    assertEquals(Integer.decode(control), image[count - 1] & 0xff);
    chip.command(Chip.REMOVE_AND_RELEASE);
    assertFalse(chip.line.raised);
    assertEquals(0x0404, chip.get(0, 8));
  }

  @Test
  void checkSequenceIsReceivedUnlessStripped() {
    Chip chip = Chip.enabled();
    chip.set(0, 4, 0x0100);
    chip.device.receive(Chip.frame(60));
    byte[] image = chip.received(0, 70);
    assertEquals(70, image[2]);
    assertArrayEquals(EthernetFrames.withFcs(Chip.frame(60)), Arrays.copyOfRange(image, 4, 68));
  }

  @Test
  void removedFrameKeepsItsMemoryUntilItIsReleased() {
    Chip chip = Chip.enabled();
    chip.device.receive(Chip.frame(60));
    chip.command(Chip.REMOVE);
    assertEquals(0x8080, chip.get(2, 4));
    assertEquals(0x0304, chip.get(0, 8));
    chip.set(2, 2, 0);
    chip.command(Chip.RELEASE);
    assertEquals(0x0404, chip.get(0, 8));
  }

  @Test
  void fifthFrameIsAnOverrun() {
    Chip chip = Chip.enabled();
    for (int i = 0; i < 4; i++) {
      chip.device.receive(Chip.frame(60 + i));
    }
    assertEquals(0, chip.interrupts() & Chip.INT_OVERRUN);
    chip.device.receive(Chip.frame(80));
    assertEquals(Chip.INT_OVERRUN, chip.interrupts() & Chip.INT_OVERRUN);
    chip.acknowledge(Chip.INT_OVERRUN);
    assertEquals(0, chip.interrupts() & Chip.INT_OVERRUN);
    for (int i = 0; i < 4; i++) {
      assertEquals(Chip.frame(60 + i)[59], chip.received(4, 60 + i)[59]);
      chip.command(Chip.REMOVE_AND_RELEASE);
    }
    assertEquals(0x8080, chip.get(2, 4));
  }

  @Test
  void frameOfMoreThanAPageIsAborted() {
    Chip chip = Chip.enabled();
    chip.device.receive(Chip.frame(2044));
    assertEquals(0x0301, chip.get(0, 4));
    assertEquals(Chip.INT_OVERRUN, chip.interrupts() & (Chip.INT_OVERRUN | Chip.INT_RX));
    chip.device.receive(Chip.frame(2043));
    assertEquals(Chip.INT_RX, chip.interrupts() & Chip.INT_RX);
    assertEquals(0x0800, chip.received(0, 2)[1] << 8 & 0x0800, "too long");
  }

  /** 8.2: examples of the hash of an address. */
  @ParameterizedTest
  @CsvSource({"ED, 0", "0D, 16", "01, 39", "2F, 63"})
  void multicastTable(String first, int hash) {
    Chip chip = Chip.enabled();
    byte[] frame = Chip.frame(60);
    Arrays.fill(frame, 0, 6, (byte) 0);
    frame[0] = HexFormat.of().parseHex(first)[0];
    assertEquals(hash, EthernetFrames.hash(frame));
    chip.device.receive(frame);
    assertEquals(0, chip.interrupts() & Chip.INT_RX);
    chip.bank(3);
    chip.device.write(hash >>> 3, 1 << (hash & 7), 1);
    chip.device.receive(frame);
    assertEquals(Chip.INT_RX, chip.interrupts() & Chip.INT_RX);
    assertEquals(hash << 1 | 1, chip.received(0, 1)[0] & 0xff);
  }

  @Test
  void foreignAddressesAreFilteredUnlessAllAreWanted() {
    Chip chip = Chip.enabled();
    byte[] foreign = Chip.frame(60);
    foreign[5]++;
    chip.device.receive(foreign);
    assertEquals(0, chip.interrupts() & Chip.INT_RX);
    chip.set(1, 8, 0x5734);
    chip.device.receive(foreign);
    assertEquals(Chip.INT_RX, chip.interrupts() & Chip.INT_RX, "the address is a register");
    chip.command(Chip.REMOVE_AND_RELEASE);
    foreign[0] = 0x54;
    chip.set(0, 4, 0x0302);
    chip.device.receive(foreign);
    assertEquals(Chip.INT_RX, chip.interrupts() & Chip.INT_RX, "promiscuous");
  }

  /** 8.20: accesses of all sizes mix, from any address. */
  @Test
  void pointerMovesByTheSizeOfTheAccess() {
    Chip chip = new Chip();
    chip.allocate();
    chip.set(2, 6, 0x4005);
    chip.device.write(8, 0x44332211, 4);
    chip.device.write(10, 0x6655, 2);
    chip.device.write(9, 0x77, 1);
    assertEquals(0x400c, chip.get(2, 6));
    chip.set(2, 6, 0x6005);
    assertEquals(0x11, chip.device.read(11, 1));
    assertEquals(0x3322, chip.device.read(8, 2));
    assertEquals(0x77665544, chip.device.read(8, 4));
    chip.set(2, 6, 0x2005);
    assertEquals(0x44332211, chip.device.read(8, 4));
    assertEquals(0x44332211, chip.device.read(8, 4), "without increment");
    assertEquals(0x2005, chip.get(2, 6));
  }

  @Test
  void pointerWrapsAtTheEndOfThePage() {
    Chip chip = new Chip();
    chip.allocate();
    chip.set(2, 6, 0x47ff);
    chip.device.write(8, 0x2211, 2);
    assertEquals(0x4001, chip.get(2, 6));
    chip.set(2, 6, 0x6000);
    assertEquals(0x22, chip.device.read(8, 1));
  }

  /** 8.9: configuration, base and address survive a reset by software. */
  @Test
  void softReset() {
    Chip chip = Chip.enabled();
    chip.set(1, 0, 0x9000);
    chip.set(1, 4, 0x1122);
    chip.set(1, 0xa, 0x5555);
    chip.mask(0xff);
    chip.allocate();
    chip.set(0, 4, 0x8000);
    assertFalse(chip.line.raised);
    chip.set(0, 0, 1);
    assertEquals(0, chip.get(0, 0), "held in reset");
    assertEquals(0xb0b1, chip.get(1, 0));
    chip.set(1, 0, 0x8000); // as Linux does
    chip.set(0, 4, 0);
    assertEquals(0xa0b1, chip.get(1, 0));
    assertEquals(0x1122, chip.get(1, 4));
    assertEquals(0, chip.get(1, 0xa));
    assertEquals(0x0404, chip.get(0, 8));
    assertEquals(4, chip.get(2, 0xc));
  }

  /** 8.15: the EEPROM gives the address back, and keeps words. */
  @Test
  void eeprom() {
    Chip chip = new Chip();
    chip.set(1, 4, 0x1122);
    chip.set(1, 0xc, 0x0002);
    assertEquals(0x5452, chip.get(1, 4));
    assertEquals(0x1210, chip.get(1, 0xc), "done");
    chip.set(2, 6, 0x30);
    chip.set(1, 0xa, 0xabcd);
    chip.set(1, 0xc, 0x0005);
    chip.set(1, 0xa, 0);
    chip.set(1, 0xc, 0x0006);
    assertEquals(0xabcd, chip.get(1, 0xa));
  }

  /** 8.7: what is sent comes back, if full duplex lets it. */
  @Test
  void loopback() {
    Chip chip = Chip.enabled();
    chip.set(0, 0, 0xa081);
    chip.send(Chip.frame(60));
    assertEquals(0, chip.sent.size());
    assertEquals(Chip.INT_RX, chip.interrupts() & Chip.INT_RX);
    chip.set(0, 0, 0x2001);
    chip.command(Chip.REMOVE_AND_RELEASE);
    chip.send(Chip.frame(60));
    assertEquals(0, chip.interrupts() & Chip.INT_RX, "half duplex does not hear itself");
  }

  @Test
  void withoutPowerNothingPasses() {
    Chip chip = Chip.enabled();
    chip.set(1, 0, 0);
    chip.device.receive(Chip.frame(60));
    chip.send(Chip.frame(60));
    assertEquals(0, chip.interrupts() & Chip.INT_RX);
    assertEquals(0, chip.sent.size());
    chip.set(1, 0, 0x8000);
    chip.ticks.passMicroseconds(100);
    assertEquals(1, chip.sent.size());
  }
}
