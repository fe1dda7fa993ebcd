package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: PrimeCell Vectored Interrupt Controller (PL190) Technical Reference Manual, ARM
 * DDI 0181.
 */
class Pl190Test {
  private static final int IRQSTATUS = 0x00;
  private static final int FIQSTATUS = 0x04;
  private static final int RAWINTR = 0x08;
  private static final int INTSELECT = 0x0c;
  private static final int INTENABLE = 0x10;
  private static final int INTENCLEAR = 0x14;
  private static final int SOFTINT = 0x18;
  private static final int SOFTINTCLEAR = 0x1c;
  private static final int VECTADDR = 0x30;
  private static final int DEFVECTADDR = 0x34;
  private static final int VECTADDR0 = 0x100;
  private static final int VECTCNTL0 = 0x200;

  private static final int DEFAULT_HANDLER = 0x8000;

  private final RaisedLine irq = new RaisedLine();
  private final RaisedLine fiq = new RaisedLine();
  private final Pl190 vic = new Pl190(irq, fiq);

  private int read(int offset) {
    return vic.read(offset, 4);
  }

  private void write(int offset, int value) {
    vic.write(offset, value, 4);
  }

  private void raise(int input) {
    vic.input(input).set(true);
  }

  private void lower(int input) {
    vic.input(input).set(false);
  }

  /** Gives a vector to an input: the handler is at 0x1000 times its number. */
  private void vector(int number, int input) {
    write(VECTADDR0 + 4 * number, handler(number));
    write(VECTCNTL0 + 4 * number, 0x20 | input);
  }

  private static int handler(int number) {
    return 0x1000 * number;
  }

  @BeforeEach
  void setDefaultHandler() {
    write(DEFVECTADDR, DEFAULT_HANDLER);
  }

  /** 3.3.14 and 3.3.15, VICPERIPHID0-3 and VICPCELLID0-3. */
  @Test
  void identifiesItself() {
    Identification.check(vic, 0x190);
  }

  /** 3.2, table 3-1: all registers are 0 after reset. */
  @Test
  void resets() {
    Pl190 fresh = new Pl190(irq, fiq);
    for (int offset = 0; offset < 0x240; offset += 4) {
      int at = offset;
      assertEquals(0, fresh.read(at, 4), () -> "register " + Integer.toHexString(at));
    }
  }

  /** 3.3.1, 3.3.3, 3.3.5: a disabled input is raw only. */
  @ParameterizedTest
  @ValueSource(ints = {0, 17, 31})
  void disabledInputDoesNotInterrupt(int input) {
    raise(input);
    assertEquals(1 << input, read(RAWINTR));
    assertEquals(0, read(IRQSTATUS));
    assertFalse(irq.raised);
    write(INTENABLE, 1 << input);
    assertEquals(1 << input, read(IRQSTATUS));
    assertTrue(irq.raised);
    lower(input);
    assertEquals(0, read(RAWINTR));
    assertFalse(irq.raised);
  }

  /** 3.3.5 and 3.3.6: a write of 0 bits to VICINTENABLE has no effect; VICINTENCLEAR disables. */
  @Test
  void enablesAndDisablesBitByBit() {
    write(INTENABLE, 0b0110);
    write(INTENABLE, 0b1000);
    assertEquals(0b1110, read(INTENABLE));
    write(INTENCLEAR, 0b0100);
    assertEquals(0b1010, read(INTENABLE));
  }

  /** 3.3.2, 3.3.4: a selected input goes to FIQ and not to IRQ. */
  @Test
  void selectedInputIsFast() {
    write(INTSELECT, 1 << 5);
    write(INTENABLE, 1 << 5 | 1 << 6);
    raise(5);
    assertTrue(fiq.raised);
    assertFalse(irq.raised);
    assertEquals(1 << 5, read(FIQSTATUS));
    assertEquals(0, read(IRQSTATUS));
    raise(6);
    assertTrue(irq.raised);
    assertEquals(1 << 5, read(FIQSTATUS));
    lower(5);
    assertFalse(fiq.raised);
  }

  /** 3.3.7 and 3.3.8: software interrupts are ORed with the inputs before the mask. */
  @Test
  void softwareInterrupts() {
    write(SOFTINT, 1 << 3);
    assertEquals(1 << 3, read(RAWINTR));
    assertEquals(1 << 3, read(SOFTINT));
    assertFalse(irq.raised);
    write(INTENABLE, 1 << 3);
    assertTrue(irq.raised);
    write(SOFTINTCLEAR, 1 << 3);
    assertFalse(irq.raised);
    assertEquals(0, read(RAWINTR));
  }

  /** 3.3.13: VICVECTCNTL has the source in bits 4:0 and the enable in bit 5. */
  @Test
  void vectorRegistersHoldWhatIsWritten() {
    for (int i = 0; i < 16; i++) {
      write(VECTADDR0 + 4 * i, 0xf0000000 | i);
      write(VECTCNTL0 + 4 * i, 0xffffffc0 | 0x20 | 31 - i);
    }
    for (int i = 0; i < 16; i++) {
      assertEquals(0xf0000000 | i, read(VECTADDR0 + 4 * i));
      assertEquals(0x20 | 31 - i, read(VECTCNTL0 + 4 * i));
    }
  }

  /** 3.3.11: an interrupt without a vector gives the default address. */
  @Test
  void interruptWithoutVectorGivesTheDefaultAddress() {
    vector(0, 9);
    write(INTENABLE, 1 << 7);
    raise(7);
    assertEquals(DEFAULT_HANDLER, read(VECTADDR));
  }

  /** 2.2.3: vector 0 has the highest priority; those without a vector come last. */
  @Test
  void vectorsGoByPriority() {
    vector(2, 20);
    vector(5, 3);
    write(INTENABLE, -1);
    raise(1);
    raise(3);
    raise(20);
    assertEquals(handler(2), read(VECTADDR));
    lower(20);
    write(VECTADDR, 0);
    assertEquals(handler(5), read(VECTADDR));
    lower(3);
    write(VECTADDR, 0);
    assertEquals(DEFAULT_HANDLER, read(VECTADDR));
    lower(1);
    write(VECTADDR, 0);
    assertFalse(irq.raised);
  }

  /** 3.3.13: a vector that is not enabled does not count. */
  @Test
  void disabledVectorGivesTheDefaultAddress() {
    vector(1, 4);
    write(VECTCNTL0 + 4, 4);
    write(INTENABLE, 1 << 4);
    raise(4);
    assertEquals(DEFAULT_HANDLER, read(VECTADDR));
  }

  /**
   * 3.3.10: a read of VICVECTADDR masks interrupts of the same and lower priority until the write.
   */
  @Test
  void servedInterruptMasksLowerOnes() {
    vector(3, 3);
    vector(8, 8);
    write(INTENABLE, -1);
    raise(3);
    assertTrue(irq.raised);
    assertEquals(handler(3), read(VECTADDR));
    assertFalse(irq.raised, "the one that is served");
    raise(8);
    raise(1);
    assertFalse(irq.raised, "lower ones");
    write(VECTADDR, 0);
    assertTrue(irq.raised, "3 is still requested");
    lower(3);
    assertTrue(irq.raised, "8 is now the highest");
    assertEquals(handler(8), read(VECTADDR));
  }

  /**
   * 3.3.10: a higher priority interrupts the service of a lower; each write ends the highest one.
   */
  @Test
  void servicesNest() {
    vector(3, 3);
    vector(8, 8);
    write(INTENABLE, -1);
    raise(1);
    assertEquals(DEFAULT_HANDLER, read(VECTADDR));
    raise(8);
    assertTrue(irq.raised);
    assertEquals(handler(8), read(VECTADDR));
    raise(3);
    assertTrue(irq.raised);
    assertEquals(handler(3), read(VECTADDR));
    lower(3);
    write(VECTADDR, 0);
    assertFalse(irq.raised, "8 is served again");
    lower(8);
    write(VECTADDR, 0);
    assertFalse(irq.raised, "the default one is served again");
    write(VECTADDR, 0);
    assertTrue(irq.raised, "nothing is served; 1 is requested");
  }

  /** 3.3.10: VICVECTADDR has no part in FIQ. */
  @Test
  void fastInterruptIsNotMaskedByService() {
    vector(0, 2);
    write(INTSELECT, 1 << 10);
    write(INTENABLE, -1);
    raise(2);
    read(VECTADDR);
    raise(10);
    assertTrue(fiq.raised);
    assertFalse(irq.raised);
  }
}
