package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transmitter of the LAN91C111 by its data sheet; where QEMU 7.2 differs is said. */
class TransmitterTest {
  @ParameterizedTest
  @ValueSource(ints = {60, 61, 75, 76, 1513, 1514})
  void frameIsSent(int length) {
    Chip chip = Chip.enabled();
    chip.send(Chip.frame(length));
    assertEquals(1, chip.sent.size());
    assertArrayEquals(Chip.frame(length), chip.sent.getFirst());
  }

  /** 8.1: without ODD the byte before the control byte is not sent. */
  @Test
  void oddBitOfTheControlByteCounts() {
    Chip chip = Chip.enabled();
    chip.allocate();
    chip.fill(Chip.frame(71));
    chip.set(2, 6, 70 + 5);
    chip.device.write(8, 0, 1); // the control byte
    chip.command(Chip.ENQUEUE);
    chip.ticks.passMicroseconds(100);
    assertArrayEquals(Chip.frame(70), chip.sent.getFirst());
  }

  /** 8.1: the lowest bit of the byte count is ignored. */
  @Test
  void lowestBitOfTheCountIsIgnored() {
    Chip chip = Chip.enabled();
    chip.allocate();
    chip.fill(Chip.frame(70));
    chip.set(2, 6, 2);
    chip.device.write(8, 77, 2);
    chip.command(Chip.ENQUEUE);
    chip.ticks.passMicroseconds(100);
    assertArrayEquals(Chip.frame(70), chip.sent.getFirst());
  }

  /** 8.7: with PAD_EN to 64 bytes with the check sequence; QEMU sends 64 without it. */
  @ParameterizedTest
  @ValueSource(ints = {14, 15, 59})
  void shortFramesArePadded(int length) {
    Chip chip = Chip.enabled();
    chip.send(Chip.frame(length));
    assertArrayEquals(Arrays.copyOf(Chip.frame(length), 60), chip.sent.getFirst());
    chip.set(0, 0, 0x8001);
    chip.send(Chip.frame(length));
    assertArrayEquals(Chip.frame(length), chip.sent.getLast());
  }

  /** 8.7: with NOCRC and without CRC in the control byte, the frame ends in its own sum. */
  @Test
  void ownCheckSequenceMustFit() {
    Chip chip = Chip.enabled();
    chip.set(0, 0, 0x8101);
    byte[] whole = EthernetFrames.withFcs(Chip.frame(60));
    chip.send(whole);
    assertArrayEquals(Chip.frame(60), chip.sent.getFirst());
    whole[20] ^= 1;
    chip.send(whole);
    assertEquals(1, chip.sent.size(), "nobody takes it");
  }

  /** At 100 Mbit/s a frame of 60 bytes takes 84 byte times, with what is between two. */
  @Test
  void sendingTakesTime() {
    Chip chip = Chip.enabled();
    chip.allocate();
    chip.fill(Chip.frame(54));
    chip.acknowledge(Chip.INT_EMPTY);
    chip.command(Chip.ENQUEUE);
    chip.ticks.pass(84 * 16 - 1);
    assertEquals(0, chip.sent.size());
    assertEquals(0, chip.interrupts() & (Chip.INT_TX | Chip.INT_EMPTY));
    chip.ticks.pass(1);
    assertEquals(1, chip.sent.size());
    assertEquals(Chip.INT_TX | Chip.INT_EMPTY, chip.interrupts() & (Chip.INT_TX | Chip.INT_EMPTY));
  }

  /** 8.19, 8.21: the completion FIFO holds what was sent until TX INT is acknowledged for each. */
  @Test
  void completionsAreTakenOneByOne() {
    Chip chip = Chip.enabled();
    chip.send(Chip.frame(60));
    chip.send(Chip.frame(61));
    assertEquals(0x8000, chip.get(2, 4));
    chip.acknowledge(Chip.INT_TX);
    assertEquals(0x8001, chip.get(2, 4));
    assertEquals(Chip.INT_TX, chip.interrupts() & Chip.INT_TX);
    chip.acknowledge(Chip.INT_TX);
    assertEquals(0x8080, chip.get(2, 4));
    assertEquals(0, chip.interrupts() & Chip.INT_TX);
    assertEquals(0x0204, chip.get(0, 8), "the pages are the driver's to release");
  }

  /** 8.8: the first word of a packet that was sent is its status. */
  @Test
  void statusIsWrittenToMemory() {
    Chip chip = Chip.enabled();
    byte[] broadcast = Chip.frame(60);
    Arrays.fill(broadcast, 0, 6, (byte) -1);
    chip.send(broadcast);
    chip.set(2, 6, 0x6000);
    assertEquals(0x4041, chip.device.read(8, 2)); // link, broadcast, success
    assertEquals(0x4041, chip.get(0, 2));
  }

  @Test
  void autoReleaseGivesTheMemoryBack() {
    Chip chip = Chip.enabled();
    chip.set(1, 0xc, 0x0800);
    chip.send(Chip.frame(60));
    assertEquals(1, chip.sent.size());
    assertEquals(0x0404, chip.get(0, 8));
    assertEquals(0x8080, chip.get(2, 4));
    assertEquals(Chip.INT_EMPTY, chip.interrupts() & (Chip.INT_TX | Chip.INT_EMPTY));
  }

  /** What is queued while the transmitter is off goes when it is switched on. */
  @Test
  void transmitterWaitsForItsBit() {
    Chip chip = Chip.connected();
    chip.send(Chip.frame(60));
    assertEquals(0, chip.sent.size());
    chip.set(0, 0, 1);
    chip.ticks.passMicroseconds(100);
    assertEquals(1, chip.sent.size());
  }

  @Test
  void resetOfTheFifosForgetsWhatWaits() {
    Chip chip = Chip.connected();
    chip.send(Chip.frame(60));
    chip.command(Chip.RESET_FIFOS);
    chip.set(0, 0, 1);
    chip.ticks.passMicroseconds(100);
    assertEquals(0, chip.sent.size());
    assertEquals(0x0304, chip.get(0, 8), "the page stays allocated");
  }

  /** 8.7, 8.8: a fatal error stops the transmitter and keeps the packet. */
  @Test
  void forcedCollisionStopsTheTransmitter() {
    Chip chip = Chip.connected();
    chip.set(1, 0xc, 0x0820); // auto release, errors interrupt
    chip.set(0, 0, 0x0005);
    chip.send(Chip.frame(60));
    assertEquals(0, chip.sent.size());
    assertEquals(0x4200, chip.get(0, 2));
    assertEquals(4, chip.get(0, 0));
    assertEquals(0x8000, chip.get(2, 4), "not released");
    assertEquals(Chip.INT_EPH, chip.interrupts() & Chip.INT_EPH);
    chip.set(0, 0, 1);
    assertEquals(0, chip.interrupts() & Chip.INT_EPH);
    assertEquals(0x4000, chip.get(0, 2));
  }

  @Test
  void missingCarrierIsNoticedWhenItIsLookedFor() {
    Chip chip = new Chip();
    chip.set(0, 0, 0x8001);
    chip.send(Chip.frame(60));
    assertEquals(1, chip.get(0, 2), "sent into nothing");
    chip.set(0, 0, 0x8401);
    chip.send(Chip.frame(60));
    assertEquals(0x0400, chip.get(0, 2));
  }
}
