package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.arm.bus.InterruptLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: Versatile Application Baseboard User Guide, ARM DUI 0224, 4.11, secondary
 * interrupt controller.
 */
class SicTest {
  private static final int STATUS = 0x00;
  private static final int RAWSTAT = 0x04;
  private static final int ENABLE = 0x08;
  private static final int ENCLR = 0x0c;
  private static final int SOFTINTSET = 0x10;
  private static final int SOFTINTCLR = 0x14;
  private static final int PICENABLE = 0x20;
  private static final int PICENCLR = 0x24;

  private final RaisedLine joined = new RaisedLine();
  private final RaisedLine[] direct = new RaisedLine[32];
  private Sic sic;

  @BeforeEach
  void build() {
    InterruptLine[] lines = new InterruptLine[32];
    for (int i = 21; i <= 30; i++) {
      direct[i] = new RaisedLine();
      lines[i] = direct[i];
    }
    sic = new Sic(joined, lines);
  }

  private int read(int offset) {
    return sic.read(offset, 4);
  }

  private void write(int offset, int value) {
    sic.write(offset, value, 4);
  }

  /** SIC_STATUS shows what is left by the mask, SIC_RAWSTAT what is there before it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 22, 31})
  void joinsEnabledInputs(int input) {
    sic.input(input).set(true);
    assertEquals(1 << input, read(RAWSTAT));
    assertEquals(0, read(STATUS));
    assertFalse(joined.raised);
    write(ENABLE, 1 << input);
    assertEquals(1 << input, read(STATUS));
    assertTrue(joined.raised);
    sic.input(input).set(false);
    assertFalse(joined.raised);
    assertEquals(0, read(RAWSTAT));
  }

  /** The joined line stays up until the last enabled input is down. */
  @Test
  void joinedLineIsTheOrOfTheInputs() {
    write(ENABLE, 0b110);
    sic.input(1).set(true);
    sic.input(2).set(true);
    sic.input(1).set(false);
    assertTrue(joined.raised);
    sic.input(2).set(false);
    assertFalse(joined.raised);
  }

  /** SIC_ENSET and SIC_ENCLR set and clear the bits that are written as 1. */
  @Test
  void enablesAndDisablesBitByBit() {
    write(ENABLE, 0b0110);
    write(ENABLE, 0b1000);
    assertEquals(0b1110, read(ENABLE));
    write(ENCLR, 0b0100);
    assertEquals(0b1010, read(ENABLE));
    sic.input(2).set(true);
    assertFalse(joined.raised);
  }

  /** SIC_SOFTINTSET and SIC_SOFTINTCLR: interrupt 0 is the software's. */
  @Test
  void softwareInterrupt() {
    write(ENABLE, 1);
    write(SOFTINTSET, 1);
    assertTrue(joined.raised);
    assertEquals(1, read(STATUS));
    write(SOFTINTCLR, 1);
    assertFalse(joined.raised);
    assertEquals(0, read(RAWSTAT));
  }

  /** SIC_PICENABLE: only 30 to 21 can be passed through to the primary controller. */
  @Test
  void onlySomeInputsCanBePassedThrough() {
    write(PICENABLE, -1);
    assertEquals(0x7fe00000, read(PICENABLE));
    write(PICENCLR, 1 << 25);
    assertEquals(0x7fe00000 & ~(1 << 25), read(PICENABLE));
  }

  /**
   * An input that is passed through reaches its own line of the primary controller, enabled here or
   * not.
   */
  @ParameterizedTest
  @ValueSource(ints = {21, 22, 30})
  void passesThrough(int input) {
    sic.input(input).set(true);
    assertFalse(direct[input].raised);
    write(PICENABLE, 1 << input);
    assertTrue(direct[input].raised);
    assertFalse(joined.raised);
    sic.input(input).set(false);
    assertFalse(direct[input].raised);
    sic.input(input).set(true);
    assertTrue(direct[input].raised);
    write(PICENCLR, 1 << input);
    assertFalse(direct[input].raised, "no longer passed through");
  }

  /**
   * Linux passes 22 to 30 through and takes those of the card controllers here all the same (its
   * drivers/irqchip/irq-versatile-fpga.c and versatile-pb.dts); QEMU shows them at both places too.
   */
  @Test
  void whatIsPassedThroughAndEnabledIsAtBothPlaces() {
    write(PICENABLE, 1 << 22);
    write(ENABLE, 1 << 22);
    sic.input(22).set(true);
    assertTrue(direct[22].raised);
    assertTrue(joined.raised);
  }
}
