package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.arm.bus.VirtualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: PrimeCell UART (PL011) Technical Reference Manual, ARM DDI 0183. */
class Pl011Test {
  private static final int DR = 0x00;
  private static final int RSR = 0x04;
  private static final int FR = 0x18;
  private static final int LCR_H = 0x2c;
  private static final int CR = 0x30;
  private static final int IFLS = 0x34;
  private static final int IMSC = 0x38;
  private static final int RIS = 0x3c;
  private static final int MIS = 0x40;
  private static final int ICR = 0x44;

  private static final int FR_RXFE = 1 << 4;
  private static final int FR_RXFF = 1 << 6;
  private static final int FR_TXFE = 1 << 7;
  private static final int RX = 1 << 4;
  private static final int TX = 1 << 5;
  private static final int RT = 1 << 6;
  private static final int OE = 1 << 10;
  private static final int FEN = 1 << 4;
  private static final int LOOPBACK_ENABLED = 1 << 7 | 1 << 9 | 1 << 8 | 1;

  /** 32 bits at 115200 baud. */
  private static final long TIMEOUT = VirtualClock.HZ * 32 / 115200;

  private final Ticks ticks = new Ticks();
  private final RaisedLine line = new RaisedLine();
  private final StringBuilder sent = new StringBuilder();
  private final Pl011 uart = new Pl011(ticks.clock, line, c -> sent.append((char) c));

  private int read(int offset) {
    return uart.read(offset, 4);
  }

  private void write(int offset, int value) {
    uart.write(offset, value, 4);
  }

  private void receive(int count) {
    for (int i = 0; i < count; i++) {
      uart.receive('a' + i);
    }
  }

  /** 3.3.15 and 3.3.16, UARTPeriphID0-3 and UARTPCellID0-3. */
  @Test
  void identifiesItself() {
    Identification.check(uart, 0x011);
  }

  /** 3.2, table 3-1: reset values. */
  @Test
  void resets() {
    assertEquals(FR_TXFE | FR_RXFE, read(FR));
    assertEquals(0x300, read(CR));
    assertEquals(0x12, read(IFLS));
    for (int offset : new int[] {RSR, 0x20, 0x24, 0x28, LCR_H, IMSC, RIS, MIS, 0x48}) {
      assertEquals(0, read(offset), () -> "register " + Integer.toHexString(offset));
    }
    assertFalse(line.raised);
  }

  /** 3.3.4 to 3.3.14: widths of the registers that hold what is written. */
  @ParameterizedTest
  @CsvSource({
    "0x20,0xff",
    "0x24,0xffff",
    "0x28,0x3f",
    "0x2c,0xff",
    "0x34,0x3f",
    "0x38,0x7ff",
    "0x48,0x7"
  })
  void keepsTheBitsThatARegisterHas(int offset, int bits) {
    write(offset, -1);
    assertEquals(bits, read(offset));
    write(offset, 0);
    assertEquals(0, read(offset));
  }

  /** 3.3.1, UARTDR: the low eight bits are sent; 3.3.3: the transmitter is empty again. */
  @Test
  void sends() {
    write(CR, 0x301);
    write(DR, 0x100 | 'A');
    write(DR, 'B');
    assertEquals("AB", sent.toString());
    assertEquals(FR_TXFE, read(FR) & FR_TXFE);
  }

  /** 2.8.3, UARTTXINTR: not before the first character has left; cleared by UARTICR. */
  @Test
  void transmitInterruptComesWhenACharacterHasLeft() {
    write(IMSC, TX);
    assertFalse(line.raised);
    write(DR, 'A');
    assertTrue(line.raised);
    assertEquals(TX, read(RIS));
    write(ICR, TX);
    assertFalse(line.raised);
    assertEquals(0, read(RIS));
  }

  /**
   * 3.3.7, FEN = 0: the FIFO is a holding register of one character; 2.8.2: one read clears the
   * interrupt.
   */
  @Test
  void withoutFifoHoldsOneCharacter() {
    write(IMSC, RX);
    uart.receive('x');
    assertEquals(FR_TXFE | FR_RXFF, read(FR));
    assertFalse(uart.canReceive());
    assertTrue(line.raised);
    assertEquals('x', read(DR));
    assertEquals(FR_TXFE | FR_RXFE, read(FR));
    assertFalse(line.raised);
  }

  /** 3.3.7, FEN = 1: sixteen characters in the order of their arrival. */
  @Test
  void fifoHoldsSixteenCharacters() {
    write(LCR_H, FEN);
    receive(15);
    assertEquals(0, read(FR) & (FR_RXFF | FR_RXFE));
    receive(1);
    assertEquals(FR_RXFF, read(FR) & (FR_RXFF | FR_RXFE));
    assertFalse(uart.canReceive());
    for (int i = 0; i < 15; i++) {
      assertEquals('a' + i, read(DR));
    }
    assertEquals('a', read(DR));
    assertEquals(FR_RXFE, read(FR) & (FR_RXFF | FR_RXFE));
  }

  /** 3.3.9, UARTIFLS[5:3]: 1/8, 1/4, 1/2, 3/4, 7/8 of the sixteen characters. */
  @ParameterizedTest
  @CsvSource({"0,2", "1,4", "2,8", "3,12", "4,14"})
  void receiveInterruptComesAtTheLevel(int select, int level) {
    write(LCR_H, FEN);
    write(IFLS, select << 3);
    write(IMSC, RX);
    receive(level - 1);
    assertFalse(line.raised);
    receive(1);
    assertTrue(line.raised);
    read(DR);
    assertFalse(line.raised, "below the level");
  }

  /** 3.3.9: the interrupt comes from the transition through the level, not from the level. */
  @Test
  void receiveInterruptDoesNotComeAgainAboveTheLevel() {
    write(LCR_H, FEN);
    write(IFLS, 0);
    receive(2);
    write(ICR, RX);
    receive(1);
    assertEquals(0, read(RIS) & RX);
  }

  /**
   * 2.8.4, UARTRTINTR: a character waits for 32 bit times, and none comes; cleared when the FIFO is
   * empty.
   */
  @Test
  void timeoutInterruptComesAfterSilence() {
    write(LCR_H, FEN);
    write(IMSC, RT);
    receive(2);
    ticks.pass(TIMEOUT - 1);
    assertFalse(line.raised);
    ticks.pass(1);
    assertTrue(line.raised);
    read(DR);
    assertTrue(line.raised, "a character is left");
    read(DR);
    assertFalse(line.raised);
    assertEquals(0, read(RIS) & RT);
  }

  /** 2.8.4: another character restarts the 32 bit times. */
  @Test
  void timeoutBeginsAnewWithEachCharacter() {
    write(LCR_H, FEN);
    write(IMSC, RT);
    receive(1);
    ticks.pass(TIMEOUT - 1);
    receive(1);
    ticks.pass(TIMEOUT - 1);
    assertFalse(line.raised);
    ticks.pass(1);
    assertTrue(line.raised);
  }

  /** 2.8.4: there is no timeout for an empty FIFO. */
  @Test
  void readingAllPreventsTheTimeout() {
    receive(1);
    read(DR);
    ticks.pass(2 * TIMEOUT);
    assertEquals(0, read(RIS) & RT);
  }

  /**
   * 3.3.2, UARTRSR[3] and 2.8.5: overrun, until any write to UARTECR; 3.3.11, UARTRIS[10]: the
   * interrupt.
   */
  @Test
  void overrunIsReported() {
    write(CR, LOOPBACK_ENABLED);
    write(DR, 'x');
    assertEquals(0, read(RSR));
    write(DR, 'y');
    assertEquals(8, read(RSR));
    assertEquals(OE, read(RIS) & OE);
    assertEquals('x', read(DR) & 0xff, "the FIFO keeps its content");
    write(RSR, 0);
    assertEquals(0, read(RSR));
    write(ICR, OE);
    assertEquals(0, read(RIS) & OE);
  }

  /** 3.3.8, UARTCR[7]: what is sent is received and does not leave. */
  @Test
  void loopsBack() {
    write(CR, LOOPBACK_ENABLED);
    write(DR, 'q');
    assertEquals("", sent.toString());
    assertEquals('q', read(DR));
  }

  /**
   * 3.3.7, UARTLCR_H[0]: the line stays low, which the receiver sees in loopback (3.3.8). 2.4.3 and
   * 3.3.1, UARTDR[10]: one zero comes with the error; 3.3.2: UARTRSR has that of the character read
   * last; 3.3.11, UARTRIS[9].
   */
  @Test
  void loopsABreakBack() {
    write(LCR_H, FEN);
    write(CR, LOOPBACK_ENABLED);
    write(DR, 'a');
    write(LCR_H, FEN | 1);
    write(LCR_H, FEN | 1);
    write(LCR_H, FEN);
    write(DR, 'b');
    assertEquals(1 << 9, read(RIS) & 1 << 9);
    assertEquals('a', read(DR));
    assertEquals(0, read(RSR));
    assertEquals(1 << 10, read(DR));
    assertEquals(1 << 2, read(RSR));
    assertEquals('b', read(DR));
    assertEquals(0, read(RSR));
    write(0x44, 1 << 9);
    assertEquals(0, read(RIS) & 1 << 9);
    assertEquals(FR_RXFE, read(FR) & FR_RXFE);
  }

  @Test
  void aBreakLeavesWithoutLoopback() {
    write(LCR_H, 1);
    assertEquals(0, read(RIS));
    assertEquals(FR_RXFE, read(FR) & FR_RXFE);
  }

  /** 3.3.12, UARTMIS = UARTRIS and UARTIMSC; 2.8.6, UARTINTR is the OR of what is left. */
  @Test
  void maskHidesAnInterruptAndKeepsIt() {
    uart.receive('x');
    assertEquals(RX, read(RIS));
    assertEquals(0, read(MIS));
    assertFalse(line.raised);
    write(IMSC, RX);
    assertEquals(RX, read(MIS));
    assertTrue(line.raised);
  }
}
