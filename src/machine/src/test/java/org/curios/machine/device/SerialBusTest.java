package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Expected values: I2C-bus specification, UM10204, 3.1; DS1338 data sheet, Maxim 19-4930; ARM DUI
 * 0224, 4.19. The host is a bit-banging driver.
 */
class SerialBusTest {
  private static final int SCL = 1;
  private static final int SDA = 2;
  private static final int WRITE = 0xd0;
  private static final int READ = 0xd1;

  /** 28 February 2008, a Thursday, 23:59:58. */
  private static final long EPOCH = 1_204_243_198;

  private final Ticks ticks = new Ticks();
  private final SerialBus bus = new SerialBus(new Ds1338(ticks.clock, EPOCH));

  private void set(int lines) {
    bus.write(0, lines, 4);
  }

  private void clear(int lines) {
    bus.write(4, lines, 4);
  }

  private void start() {
    set(SDA);
    set(SCL);
    clear(SDA);
    clear(SCL);
  }

  private void stop() {
    clear(SDA);
    set(SCL);
    set(SDA);
  }

  private boolean bit(boolean value) {
    if (value) {
      set(SDA);
    } else {
      clear(SDA);
    }
    set(SCL);
    boolean seen = (bus.read(0, 4) & SDA) != 0;
    clear(SCL);
    return seen;
  }

  /** Returns whether it was acknowledged. */
  private boolean send(int value) {
    for (int i = 7; i >= 0; i--) {
      bit((value >>> i & 1) != 0);
    }
    return !bit(true);
  }

  private int receive(boolean more) {
    int value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 1 | (bit(true) ? 1 : 0);
    }
    bit(!more);
    return value;
  }

  private int[] registers(int from, int count) {
    start();
    assertTrue(send(WRITE));
    assertTrue(send(from));
    start();
    assertTrue(send(READ));
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = receive(i < count - 1);
    }
    stop();
    return values;
  }

  private void write(int from, int... values) {
    start();
    assertTrue(send(WRITE));
    assertTrue(send(from));
    for (int value : values) {
      assertTrue(send(value));
    }
    stop();
  }

  private static String hex(int[] values) {
    StringBuilder text = new StringBuilder();
    for (int value : values) {
      text.append("%02x ".formatted(value));
    }
    return text.toString().strip();
  }

  @Test
  void linesAreHighUntilPulled() {
    assertEquals(SCL | SDA, bus.read(0, 4));
    clear(SCL);
    assertEquals(SDA, bus.read(0, 4));
  }

  @Test
  void onlyItsAddressIsAcknowledged() {
    start();
    assertFalse(send(0xa0));
    stop();
    start();
    assertTrue(send(WRITE));
    stop();
  }

  /** Seconds, minutes, hours, day of the week from Sunday, date, month, year; then the next day. */
  @Test
  void tellsTheTime() {
    assertEquals("58 59 23 05 28 02 08", hex(registers(0, 7)));
    ticks.passSeconds(3);
    assertEquals("01 00 00 06 29 02 08", hex(registers(0, 7)));
  }

  @Test
  void timeIsHeldDuringATransfer() {
    start();
    send(WRITE);
    send(0);
    start();
    send(READ);
    assertEquals(0x58, receive(true));
    ticks.passSeconds(120);
    assertEquals(0x59, receive(true));
    assertEquals(0x23, receive(false));
    stop();
  }

  @Test
  void timeIsSet() {
    write(0, 0x30, 0x15, 0x71, 0x03, 0x09, 0x11, 0x26); // 11 pm of a 12-hour clock
    ticks.passSeconds(31);
    assertEquals("01 16 71 03 09 11 26", hex(registers(0, 7)));
    ticks.passSeconds(3600);
    assertEquals("01 16 52 04 10 11 26", hex(registers(0, 7)), "midnight, and the next day");
    write(2, 0x00);
    assertEquals("00", hex(registers(2, 1)));
  }

  @Test
  void stopsWhileItIsHalted() {
    write(0, 0x80 | 0x10);
    ticks.passSeconds(10);
    assertEquals("90", hex(registers(0, 1)));
    write(0, 0x10);
    ticks.passSeconds(10);
    assertEquals("20", hex(registers(0, 1)));
  }

  /** After the control register there are 56 bytes of memory, and the pointer goes round. */
  @Test
  void memoryAndControl() {
    write(0x3e, 0x11, 0x22);
    assertEquals("11 22", hex(registers(0x3e, 2)));
    int[] round = registers(0x3f, 2);
    assertEquals(0x22, round[0]);
    write(7, 0xff);
    assertEquals("b3", hex(registers(7, 1)));
  }
}
