package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.arm.bus.VirtualClock;
import org.junit.jupiter.api.Test;

/**
 * Expected values: ARM PrimeCell Real Time Clock (PL031) Technical Reference Manual, ARM DDI 0224.
 */
class Pl031Test {
  private static final int DR = 0x00;
  private static final int MR = 0x04;
  private static final int LR = 0x08;
  private static final int CR = 0x0c;
  private static final int IMSC = 0x10;
  private static final int RIS = 0x14;
  private static final int MIS = 0x18;
  private static final int ICR = 0x1c;

  private final Ticks ticks = new Ticks();
  private final RaisedLine line = new RaisedLine();
  private final Pl031 rtc = new Pl031(ticks.clock, line);

  private int read(int offset) {
    return rtc.read(offset, 4);
  }

  private void write(int offset, int value) {
    rtc.write(offset, value, 4);
  }

  /** 3.3.9 and 3.3.10, RTCPeriphID0-3 and RTCPCellID0-3. */
  @Test
  void identifiesItself() {
    Identification.check(rtc, 0x031);
  }

  /** 3.2, table 3-1: reset values, except for the time, which a battery keeps on the board. */
  @Test
  void resets() {
    for (int offset : new int[] {MR, LR, IMSC, RIS, MIS}) {
      assertEquals(0, read(offset), () -> "register " + Integer.toHexString(offset));
    }
    assertFalse(line.raised);
  }

  /** The project's choice: every run begins on 1 January 2008, 00:00 UTC. */
  @Test
  void beginsAtTheSameTimeOnEveryRun() {
    assertEquals(java.time.Instant.parse("2008-01-01T00:00:00Z").getEpochSecond(), read(DR));
  }

  /** 3.3.1, RTCDR: counts seconds. */
  @Test
  void countsSeconds() {
    int start = read(DR);
    ticks.pass(VirtualClock.HZ - 1);
    assertEquals(start, read(DR));
    ticks.pass(1);
    assertEquals(start + 1, read(DR));
    ticks.passSeconds(86400);
    assertEquals(start + 86401, read(DR));
  }

  /** 3.3.3, RTCLR: the counter continues from the value that is written, which can be read back. */
  @Test
  void setsTheTime() {
    write(LR, 1_000_000);
    ticks.passSeconds(1);
    assertEquals(1_000_001, read(DR));
    assertEquals(1_000_000, read(LR));
  }

  /** 2.2: the counter wraps from 0xFFFFFFFF to 0. */
  @Test
  void wraps() {
    write(LR, -1);
    ticks.passSeconds(2);
    assertEquals(1, read(DR));
  }

  /** 3.3.4, RTCCR: a started clock says so, and a write of 0 does not stop it. */
  @Test
  void cannotBeStopped() {
    write(CR, 1);
    assertEquals(1, read(CR));
    write(CR, 0);
    assertEquals(1, read(CR));
    int start = read(DR);
    ticks.passSeconds(5);
    assertEquals(start + 5, read(DR));
  }

  /**
   * 3.3.2, RTCMR and 3.3.6, RTCRIS: the interrupt comes as the counter reaches the match; 3.3.8,
   * RTCICR clears.
   */
  @Test
  void matchInterrupts() {
    write(IMSC, 1);
    write(MR, read(DR) + 3);
    ticks.pass(3 * VirtualClock.HZ - 1);
    assertFalse(line.raised);
    ticks.pass(1);
    assertTrue(line.raised);
    assertEquals(1, read(RIS));
    assertEquals(1, read(MIS));
    write(ICR, 1);
    assertFalse(line.raised);
    assertEquals(0, read(RIS));
    ticks.passSeconds(1000);
    assertFalse(line.raised, "a match happens once");
  }

  /** 3.3.2: the match moves with the time that is set; one in the past does not interrupt. */
  @Test
  void setTimeMovesTheMatch() {
    write(IMSC, 1);
    write(MR, 5000);
    write(LR, 5001);
    ticks.passSeconds(100);
    assertFalse(line.raised, "the match lies in the past");
    write(LR, 4998);
    ticks.passSeconds(1);
    assertFalse(line.raised);
    ticks.passSeconds(1);
    assertTrue(line.raised);
  }

  /** 2.2: a match is found across the wrap of the counter. */
  @Test
  void matchesAcrossTheWrap() {
    write(IMSC, 1);
    write(LR, -2);
    write(MR, 1);
    ticks.passSeconds(2);
    assertFalse(line.raised);
    ticks.passSeconds(1);
    assertTrue(line.raised);
  }

  /** 3.3.5, RTCIMSC and 3.3.7, RTCMIS: a masked interrupt is raw only. */
  @Test
  void maskedInterruptIsRaw() {
    write(MR, read(DR) + 1);
    ticks.passSeconds(1);
    assertEquals(1, read(RIS));
    assertEquals(0, read(MIS));
    assertFalse(line.raised);
    write(IMSC, -1);
    assertEquals(1, read(IMSC), "the register has one bit");
    assertTrue(line.raised);
  }
}
