package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: ARM Dual-Timer Module (SP804) Technical Reference Manual, ARM DDI 0271; TIMCLK
 * is 1 MHz.
 */
class Sp804Test {
  private static final int LOAD = 0x00;
  private static final int VALUE = 0x04;
  private static final int CONTROL = 0x08;
  private static final int INTCLR = 0x0c;
  private static final int RIS = 0x10;
  private static final int MIS = 0x14;
  private static final int BGLOAD = 0x18;
  private static final int SECOND = 0x20;

  private static final int ENABLE = 1 << 7;
  private static final int PERIODIC = 1 << 6;
  private static final int INTERRUPT = 1 << 5;
  private static final int WIDE = 1 << 1;
  private static final int ONE_SHOT = 1;

  private final Ticks ticks = new Ticks();
  private final RaisedLine line = new RaisedLine();
  private final Sp804 timer = new Sp804(ticks.clock, line);

  private int read(int offset) {
    return timer.read(offset, 4);
  }

  private void write(int offset, int value) {
    timer.write(offset, value, 4);
  }

  private void start(int load, int control) {
    write(CONTROL, control & ~ENABLE);
    write(LOAD, load);
    write(CONTROL, control | ENABLE);
  }

  /** 3.3.10 and 3.3.11, TimerPeriphID0-3 and TimerPCellID0-3. */
  @Test
  void identifiesItself() {
    Identification.check(timer, 0x804);
  }

  /** 3.2, table 3-1: reset values of both timers. */
  @ParameterizedTest
  @ValueSource(ints = {0, SECOND})
  void resets(int base) {
    assertEquals(0, read(base + LOAD));
    assertEquals(0xffffffff, read(base + VALUE));
    assertEquals(INTERRUPT, read(base + CONTROL));
    assertEquals(0, read(base + RIS));
    assertEquals(0, read(base + MIS));
    assertEquals(0, read(base + BGLOAD));
    ticks.passSeconds(100);
    assertEquals(0xffffffff, read(base + VALUE), "a timer that is not enabled does not count");
    assertFalse(line.raised);
  }

  /** 3.3.2, TimerXValue: the current value of the decrementing counter. */
  @Test
  void counts() {
    start(1_000_000, WIDE | PERIODIC);
    ticks.passMicroseconds(1);
    assertEquals(999_999, read(VALUE));
    ticks.passMicroseconds(899_999);
    assertEquals(100_000, read(VALUE));
  }

  /**
   * 2.2, periodic mode: interrupts in constant intervals of the load value; 3.3.4, TimerXIntClr
   * clears.
   */
  @Test
  void periodicModeInterruptsAgainAndAgain() {
    start(500, WIDE | PERIODIC | INTERRUPT);
    for (int i = 0; i < 3; i++) {
      ticks.passMicroseconds(499);
      assertFalse(line.raised, "interval " + i);
      ticks.passMicroseconds(1);
      assertTrue(line.raised, "interval " + i);
      assertEquals(1, read(RIS));
      assertEquals(1, read(MIS));
      write(INTCLR, 0);
      assertFalse(line.raised);
      assertEquals(0, read(RIS));
    }
  }

  /** 2.2, one-shot mode: one interrupt, and the counter halts at zero until it is loaded again. */
  @Test
  void oneShotHaltsAtZero() {
    start(500, WIDE | ONE_SHOT | INTERRUPT);
    ticks.passMicroseconds(500);
    assertTrue(line.raised);
    write(INTCLR, 1);
    ticks.passSeconds(10);
    assertFalse(line.raised);
    assertEquals(0, read(VALUE));
    write(LOAD, 20);
    ticks.passMicroseconds(19);
    assertFalse(line.raised);
    ticks.passMicroseconds(1);
    assertTrue(line.raised);
  }

  /**
   * 2.2: a counter halted in one-shot mode runs again when another mode is chosen, from that moment
   * on.
   */
  @Test
  void haltedCounterGoesOnInPeriodicMode() {
    start(1000, WIDE | ONE_SHOT | INTERRUPT);
    ticks.passMicroseconds(5_000_250);
    write(INTCLR, 1);
    write(CONTROL, ENABLE | WIDE | PERIODIC | INTERRUPT);
    ticks.passMicroseconds(1);
    int value = read(VALUE);
    assertTrue(value == 1000 || value == 999, () -> "reloaded now, and not " + value);
    assertFalse(line.raised, "the counter was at zero before");
    ticks.passMicroseconds(100);
    assertEquals(value - 100, read(VALUE));
  }

  /** 2.2, free-running mode, 32 bits: from zero the counter wraps to its maximum and continues. */
  @Test
  void freeRunningModeWrapsToTheMaximum() {
    start(100, WIDE | INTERRUPT);
    ticks.passMicroseconds(102);
    assertTrue(line.raised);
    assertTrue(
        Integer.compareUnsigned(read(VALUE), 0xfffffffd) >= 0,
        () -> Integer.toHexString(read(VALUE)));
  }

  /**
   * 2.2, free-running mode, 16 bits: the maximum is 0xFFFF. The upper half of TimerXValue is to be
   * ignored.
   */
  @Test
  void freeRunningModeOf16BitsWrapsTo16Bits() {
    start(100, INTERRUPT);
    ticks.passMicroseconds(102);
    assertTrue(line.raised);
    assertTrue((read(VALUE) & 0xffff) >= 0xfffd, () -> Integer.toHexString(read(VALUE)));
    write(INTCLR, 1);
    ticks.passMicroseconds(0xfff0);
    assertFalse(line.raised);
    ticks.passMicroseconds(0x10);
    assertTrue(line.raised);
  }

  /** 3.3.3, TimerXControl[3:2]: the clock is divided by 1, 16, 256. */
  @ParameterizedTest
  @CsvSource({"0,1", "1,16", "2,256"})
  void prescales(int select, int divisor) {
    start(10, WIDE | PERIODIC | INTERRUPT | select << 2);
    ticks.passMicroseconds(divisor * 10L - 1);
    assertFalse(line.raised);
    assertEquals(1, read(VALUE));
    ticks.passMicroseconds(1);
    assertTrue(line.raised);
  }

  /**
   * 3.3.1, TimerXLoad is a register of 32 bits also while the counter is one of 16, as it is after
   * reset.
   */
  @Test
  void loadBeforeTheSizeIsChosenKeepsAll32Bits() {
    write(LOAD, 0x12345);
    write(CONTROL, ENABLE | WIDE | PERIODIC | INTERRUPT);
    assertEquals(0x12345, read(VALUE));
    ticks.passMicroseconds(0x12344);
    assertFalse(line.raised);
    ticks.passMicroseconds(1);
    assertTrue(line.raised);
  }

  /** 3.3.1, TimerXLoad: a load of 0 interrupts immediately. */
  @ParameterizedTest
  @ValueSource(ints = {PERIODIC, ONE_SHOT})
  void loadOfZeroInterruptsAtOnce(int mode) {
    start(0, WIDE | INTERRUPT | mode);
    ticks.passMicroseconds(1);
    assertTrue(line.raised);
  }

  /**
   * 3.3.1: a write to TimerXLoad takes effect at once; 3.3.7: one to TimerXBGLoad only at the next
   * reload.
   */
  @Test
  void backgroundLoadWaitsForTheReload() {
    start(100, WIDE | PERIODIC | INTERRUPT);
    ticks.passMicroseconds(40);
    write(BGLOAD, 30);
    assertEquals(60, read(VALUE));
    assertEquals(30, read(LOAD), "both registers read as the one written last");
    ticks.passMicroseconds(60);
    assertTrue(line.raised);
    write(INTCLR, 1);
    ticks.passMicroseconds(30);
    assertTrue(line.raised);
    write(LOAD, 70);
    assertEquals(70, read(VALUE));
    assertEquals(70, read(BGLOAD));
  }

  /** 3.3.3, TimerXControl[7]: a disabled counter keeps its value and continues from there. */
  @Test
  void disabledCounterKeepsItsValue() {
    start(1000, WIDE | PERIODIC | INTERRUPT);
    ticks.passMicroseconds(300);
    write(CONTROL, WIDE | PERIODIC | INTERRUPT);
    ticks.passMicroseconds(5000);
    assertEquals(700, read(VALUE));
    assertFalse(line.raised);
    write(CONTROL, ENABLE | WIDE | PERIODIC | INTERRUPT);
    ticks.passMicroseconds(699);
    assertFalse(line.raised);
    ticks.passMicroseconds(1);
    assertTrue(line.raised);
  }

  /** 3.3.3, TimerXControl[5] and 3.3.6, TimerXMIS: the raw interrupt is there, masked or not. */
  @Test
  void maskedInterruptIsRaw() {
    start(10, WIDE | PERIODIC);
    ticks.passMicroseconds(10);
    assertEquals(1, read(RIS));
    assertEquals(0, read(MIS));
    assertFalse(line.raised);
    write(CONTROL, ENABLE | WIDE | PERIODIC | INTERRUPT);
    assertEquals(1, read(MIS));
    assertTrue(line.raised);
  }

  /** 2.1: two counters of their own; TIMINTC is the OR of their interrupts. */
  @Test
  void timersAreIndependentAndShareTheInterrupt() {
    start(100, WIDE | PERIODIC | INTERRUPT);
    write(SECOND + LOAD, 150);
    write(SECOND + CONTROL, ENABLE | WIDE | ONE_SHOT | INTERRUPT);
    ticks.passMicroseconds(110);
    assertEquals(90, read(VALUE));
    assertEquals(40, read(SECOND + VALUE));
    ticks.passMicroseconds(40);
    write(INTCLR, 1);
    assertTrue(line.raised, "of the second");
    write(SECOND + INTCLR, 1);
    assertFalse(line.raised);
  }

  /** The project's promise of Stateful: a restored counter that has halted is still halted. */
  @Test
  void restoredCounterIsStillHalted() throws IOException {
    start(500, WIDE | ONE_SHOT | INTERRUPT);
    ticks.passMicroseconds(600);
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    timer.save(new DataOutputStream(state));
    write(LOAD, 10);
    timer.restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    write(INTCLR, 1);
    write(CONTROL, ENABLE | WIDE | ONE_SHOT | INTERRUPT);
    ticks.passSeconds(1);
    assertFalse(line.raised);
    assertEquals(0, read(VALUE));
  }
}
