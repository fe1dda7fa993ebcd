package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Expected values: ARM Watchdog Module (SP805) Technical Reference Manual, ARM DDI 0270. */
class Sp805Test {
  private static final int LOAD = 0x000;
  private static final int VALUE = 0x004;
  private static final int CONTROL = 0x008;
  private static final int INTCLR = 0x00c;
  private static final int RIS = 0x010;
  private static final int MIS = 0x014;
  private static final int LOCK = 0xc00;

  private final Ticks ticks = new Ticks();
  private final RaisedLine line = new RaisedLine();
  private int resets;
  private final Sp805 watchdog = new Sp805(ticks.clock, line, () -> resets++);

  private int read(int offset) {
    return watchdog.read(offset, 4);
  }

  private void write(int offset, int value) {
    watchdog.write(offset, value, 4);
  }

  /** 3.3.1 and 3.3.2: all ones, and no counting. */
  @Test
  void isAsAfterReset() {
    Identification.check(watchdog, 0x805);
    ticks.passSeconds(1);
    assertEquals(-1, read(LOAD));
    assertEquals(-1, read(VALUE));
    assertEquals(0, read(CONTROL));
    assertEquals(0, read(LOCK));
  }

  /** 2.2.2: the first zero interrupts and reloads, the second one resets. */
  @Test
  void barksAndBites() {
    write(LOAD, 1000);
    write(CONTROL, 3);
    ticks.passMicroseconds(999);
    assertFalse(line.raised);
    assertEquals(1, read(VALUE));
    ticks.passMicroseconds(1);
    assertTrue(line.raised);
    assertEquals(1, read(MIS));
    assertEquals(1000, read(VALUE));
    ticks.passMicroseconds(999);
    assertEquals(0, resets);
    ticks.passMicroseconds(1);
    assertEquals(1, resets);
  }

  /** 3.3.4: a write clears the interrupt and reloads the counter. */
  @Test
  void isFed() {
    write(LOAD, 1000);
    write(CONTROL, 3);
    for (int i = 0; i < 10; i++) {
      ticks.passMicroseconds(1500);
      write(INTCLR, 1);
      assertFalse(line.raised);
      assertEquals(1000, read(VALUE));
    }
    assertEquals(0, resets);
  }

  /** 3.3.3: without RESEN it only interrupts; without INTEN it does not count. */
  @Test
  void enablesApart() {
    write(LOAD, 1000);
    write(CONTROL, 1);
    ticks.passMicroseconds(10_000);
    assertEquals(0, resets);
    assertEquals(1, read(RIS));
    write(CONTROL, 0);
    assertFalse(line.raised);
    assertEquals(0, read(MIS));
    int held = read(VALUE);
    ticks.passMicroseconds(100);
    assertEquals(held, read(VALUE));
    write(CONTROL, 1);
    assertEquals(1000, read(VALUE), "it reloads when it is enabled");
  }

  /** 3.3.7: whatever but the one value locks all other registers. */
  @Test
  void locks() {
    write(LOCK, 1);
    assertEquals(1, read(LOCK));
    write(LOAD, 5);
    write(CONTROL, 3);
    assertEquals(-1, read(LOAD));
    assertEquals(0, read(CONTROL));
    write(LOCK, 0x1acce551);
    assertEquals(0, read(LOCK));
    write(LOAD, 5);
    assertEquals(5, read(LOAD));
  }
}
