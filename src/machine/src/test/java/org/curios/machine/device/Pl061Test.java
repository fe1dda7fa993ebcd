package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: PrimeCell GPIO (PL061) Technical Reference Manual, ARM DDI 0190. */
class Pl061Test {
  private static final int ALL = 0x3fc;
  private static final int DIR = 0x400;
  private static final int IS = 0x404;
  private static final int IBE = 0x408;
  private static final int IEV = 0x40c;
  private static final int IE = 0x410;
  private static final int RIS = 0x414;
  private static final int MIS = 0x418;
  private static final int IC = 0x41c;

  private final RaisedLine line = new RaisedLine();
  private final Pl061 port = new Pl061(line);

  private int read(int offset) {
    return port.read(offset, 4);
  }

  private void write(int offset, int value) {
    port.write(offset, value, 4);
  }

  @Test
  void identifiesItself() {
    Identification.check(port, 0x061);
  }

  /** 3.3.1, figures 3-1 and 3-2: address bits 9 to 2 choose the bits of an access. */
  @Test
  void addressMasksTheData() {
    write(DIR, 0xff);
    write(ALL, 0);
    write(0x098, 0xfb);
    assertEquals(0x22, read(ALL));
    write(ALL, 0xf6);
    assertEquals(0x34, read(0x0f0) & 0x34);
    assertEquals(0xf6 & 0x3c, read(0x0f0));
    assertEquals(0, read(0x000));
  }

  /** 3.3.1: inputs show what is outside, whatever was written. */
  @Test
  void inputsAreDrivenFromOutside() {
    port.pin(3).set(true);
    write(DIR, 0x0f & ~(1 << 3));
    write(ALL, 0xff);
    assertEquals(0x0f, read(ALL));
    port.pin(3).set(false);
    assertEquals(0x07, read(ALL));
    assertEquals(0x07, port.pins());
  }

  /** A pin that becomes an output keeps the level it had. */
  @Test
  void outputsBeginAsTheyWere() {
    port.pin(0).set(true);
    write(DIR, 1);
    port.pin(0).set(false);
    assertEquals(1, read(ALL));
  }

  /** 3.3.3 to 3.3.5: an edge is kept until it is cleared, a level as long as it lasts. */
  @ParameterizedTest
  @CsvSource({
    "0,0,1, true,false", // rising edge
    "0,0,0, false,true", // falling edge
    "0,1,0, true,true", // both
  })
  void edges(int is, int ibe, int iev, boolean rising, boolean falling) {
    write(IS, is);
    write(IBE, ibe);
    write(IEV, iev);
    write(IE, 1);
    port.pin(0).set(true);
    assertEquals(rising, line.raised);
    write(IC, 0xff);
    assertFalse(line.raised);
    port.pin(0).set(false);
    assertEquals(falling, line.raised);
    assertEquals(falling ? 1 : 0, read(RIS));
  }

  @Test
  void levels() {
    write(IS, 0x81);
    write(IEV, 0x80);
    write(IE, 0x80);
    assertEquals(0x01, read(RIS), "pin 0 is low, and low is its level");
    assertEquals(0, read(MIS));
    port.pin(7).set(true);
    assertTrue(line.raised);
    write(IC, 0xff);
    assertEquals(0x81, read(RIS), "a level cannot be cleared");
    port.pin(7).set(false);
    assertFalse(line.raised);
  }

  @Test
  void otherPinsDoNotInterrupt() {
    write(IEV, 0xff);
    write(IE, 2);
    port.pin(0).set(true);
    assertFalse(line.raised);
    assertEquals(1, read(RIS));
    write(IE, 3);
    assertTrue(line.raised);
    assertEquals(1, read(MIS));
  }
}
