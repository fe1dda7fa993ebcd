package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Expected values: PrimeCell Synchronous Serial Port (PL022), ARM DDI 0194, chapter 3. */
class Pl022Test {
  private static final int CR0 = 0x00;
  private static final int CR1 = 0x04;
  private static final int DR = 0x08;
  private static final int SR = 0x0c;
  private static final int IMSC = 0x14;
  private static final int RIS = 0x18;
  private static final int ICR = 0x20;

  private final RaisedLine line = new RaisedLine();
  private final Pl022 port = new Pl022(line);

  private int read(int offset) {
    return port.read(offset, 4);
  }

  private void write(int offset, int value) {
    port.write(offset, value, 4);
  }

  @Test
  void isAsAfterReset() {
    Identification.check(port, 0x022);
    assertEquals(3, read(SR), "nothing to send, nothing received");
    assertEquals(8, read(RIS), "half of the transmit FIFO is free");
  }

  @Test
  void loopsBackFramesOfItsSize() {
    write(CR0, 7);
    write(CR1, 3);
    write(DR, 0x1a5);
    assertEquals(7, read(SR));
    assertEquals(0xa5, read(DR));
    assertEquals(3, read(SR));
  }

  @Test
  void nobodyAnswers() {
    write(CR0, 15);
    write(CR1, 2);
    write(DR, 0xffff);
    assertEquals(7, read(SR));
    assertEquals(0, read(DR));
  }

  @Test
  void keepsFramesUntilItIsEnabled() {
    for (int i = 0; i < 9; i++) {
      write(DR, i);
    }
    assertEquals(0, read(SR) & 3, "the FIFO is full");
    write(CR0, 15);
    write(CR1, 3);
    assertEquals(0xf, read(SR), "all sent, as many received");
    for (int i = 0; i < 8; i++) {
      assertEquals(i, read(DR));
    }
  }

  /** 3.3.7: receive at half, overrun, timeout; the last two are cleared by ones. */
  @Test
  void interrupts() {
    write(CR0, 15);
    write(CR1, 3);
    write(IMSC, 5);
    for (int i = 0; i < 3; i++) {
      write(DR, i);
    }
    assertFalse(line.raised);
    write(DR, 3);
    assertTrue(line.raised);
    read(DR);
    assertFalse(line.raised);
    for (int i = 0; i < 6; i++) {
      write(DR, i);
    }
    assertEquals(0xf, read(RIS));
    write(ICR, 3);
    assertEquals(0xc, read(RIS));
  }
}
