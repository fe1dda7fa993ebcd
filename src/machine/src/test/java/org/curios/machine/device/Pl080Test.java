package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Expected values: PrimeCell DMA Controller (PL080) Technical Reference Manual, ARM DDI 0196. */
class Pl080Test {
  private static final int INT_STATUS = 0x00;
  private static final int TC_STATUS = 0x04;
  private static final int TC_CLEAR = 0x08;
  private static final int ERROR_STATUS = 0x0c;
  private static final int ERROR_CLEAR = 0x10;
  private static final int RAW_TC = 0x14;
  private static final int ENABLED = 0x1c;
  private static final int SOFT_BURST = 0x20;
  private static final int SOFT_SINGLE = 0x24;
  private static final int SOFT_LAST_BURST = 0x28;
  private static final int CONFIGURATION = 0x30;

  private static final int WORDS = 2 << 18 | 2 << 21;
  private static final int BOTH_STEP = 3 << 26;
  private static final int INTERRUPT = 1 << 31;
  private static final int RUN = 1 | 3 << 14;

  private final Ticks ticks = new Ticks();
  private final RaisedLine line = new RaisedLine();
  private final FlatMemory memory = new FlatMemory(0x1000);
  private final Pl080 dma = new Pl080(ticks.clock, line, memory);

  @BeforeEach
  void fill() {
    dma.write(CONFIGURATION, 1, 4);
    for (int i = 0; i < 0x100; i++) {
      memory.write(i, i + 1, 1);
    }
  }

  private void channel(int number, int source, int target, int link, int control, int run) {
    int[] values = {source, target, link, control, run};
    for (int i = 0; i < 5; i++) {
      dma.write(0x100 + 0x20 * number + 4 * i, values[i], 4);
    }
  }

  private void finish() {
    ticks.passMicroseconds(1000);
  }

  @Test
  void identifiesItself() {
    Identification.check(dma, 0x080);
  }

  @Test
  void copiesMemory() {
    channel(2, 0, 0x800, 0, 16 | WORDS | BOTH_STEP | INTERRUPT, RUN);
    assertEquals(4, dma.read(ENABLED, 4));
    finish();
    for (int i = 0; i < 64; i++) {
      assertEquals(i + 1, memory.read(0x800 + i, 1));
    }
    assertEquals(0, memory.read(0x840, 1));
    assertEquals(0, dma.read(ENABLED, 4), "a channel that is done switches itself off");
    assertEquals(0x40, dma.read(0x140, 4), "the source is after what was read");
    assertEquals(0, dma.read(0x14c, 4) & 0xfff);
    assertTrue(line.raised);
    assertEquals(4, dma.read(TC_STATUS, 4));
    assertEquals(4, dma.read(INT_STATUS, 4));
    dma.write(TC_CLEAR, 4, 4);
    assertFalse(line.raised);
  }

  /** 3.4.3 and 3.4.4: the counter is in items of the source's width. */
  @Test
  void widthsAndFixedAddresses() {
    channel(0, 0, 0x800, 0, 8 | 0 << 18 | 2 << 21 | BOTH_STEP, RUN); // bytes to words
    finish();
    assertEquals(0x04030201, memory.read(0x800, 4));
    assertEquals(0x08070605, memory.read(0x804, 4));
    assertEquals(0, memory.read(0x808, 4));
    channel(0, 0, 0x900, 0, 1 | 2 << 18 | 1 << 27, RUN); // a word to bytes
    finish();
    assertEquals(0x04030201, memory.read(0x900, 4));
    channel(0, 0, 0xa00, 0, 4 | WORDS | 1 << 26, RUN); // a target that does not step
    finish();
    assertEquals(0x100f0e0d, memory.read(0xa00, 4));
    assertEquals(0, memory.read(0xa04, 4));
    assertEquals(0, dma.read(RAW_TC, 4), "no item has requested an interrupt");
  }

  /** 3.4.6: the next item is read where the link says. */
  @Test
  void followsLinks() {
    int[] item = {0x40, 0x900, 0, 1 | WORDS | BOTH_STEP | INTERRUPT};
    for (int i = 0; i < 4; i++) {
      memory.write(0x700 + 4 * i, item[i], 4);
    }
    channel(1, 0, 0x800, 0x700, 1 | WORDS | BOTH_STEP, RUN);
    finish();
    assertEquals(0x04030201, memory.read(0x800, 4));
    assertEquals(0x44434241, memory.read(0x900, 4));
    assertEquals(2, dma.read(TC_STATUS, 4));
  }

  /** A list that leads back to itself runs on, and can be stopped. */
  @Test
  void ringsDoNotHang() {
    int[] item = {0, 0x800, 0x700, 1 | WORDS | BOTH_STEP | INTERRUPT};
    for (int i = 0; i < 4; i++) {
      memory.write(0x700 + 4 * i, item[i], 4);
    }
    channel(1, 0, 0x800, 0x700, 1 | WORDS | BOTH_STEP, RUN);
    finish();
    assertEquals(2, dma.read(ENABLED, 4));
    dma.write(0x130, 0, 4);
    finish();
    assertEquals(0, dma.read(ENABLED, 4));
  }

  /** 2.4: an error response of the bus disables the channel. */
  @Test
  void busErrorsInterrupt() {
    channel(3, 0x10000, 0x800, 0, 1 | WORDS | BOTH_STEP | INTERRUPT, RUN);
    finish();
    assertTrue(line.raised);
    assertEquals(8, dma.read(ERROR_STATUS, 4));
    assertEquals(0, dma.read(TC_STATUS, 4));
    assertEquals(0, dma.read(ENABLED, 4));
    dma.write(ERROR_CLEAR, 8, 4);
    assertFalse(line.raised);
  }

  @Test
  void masksAndHaltAndTheControllerItself() {
    channel(0, 0, 0x800, 0, 1 | WORDS | BOTH_STEP | INTERRUPT, 1);
    finish();
    assertFalse(line.raised, "the channel lets no interrupt through");
    assertEquals(1, dma.read(RAW_TC, 4));
    channel(1, 0, 0x900, 0, 1 | WORDS | BOTH_STEP, RUN | 1 << 18);
    finish();
    assertEquals(0, memory.read(0x900, 4), "it is halted");
    dma.write(0x130, RUN, 4);
    finish();
    assertEquals(0x04030201, memory.read(0x900, 4));
    dma.write(CONFIGURATION, 0, 4);
    channel(2, 0, 0xa00, 0, 1 | WORDS | BOTH_STEP, RUN);
    finish();
    assertEquals(0, memory.read(0xa00, 4), "the controller is off");
  }

  /** 3.4.17: with a peripheral, each request moves a burst or an item. */
  @Test
  void requestsMoveBursts() {
    int fromPeripheral5 = RUN | 5 << 1 | 2 << 11;
    channel(0, 0x10, 0x800, 0, 6 | 1 << 12 | WORDS | 1 << 27 | INTERRUPT, fromPeripheral5);
    finish();
    assertEquals(0, memory.read(0x800, 4));
    dma.write(SOFT_BURST, 1 << 4, 4);
    assertEquals(0, memory.read(0x800, 4), "that is another peripheral");
    dma.write(SOFT_BURST, 1 << 5, 4);
    assertEquals(0x14131211, memory.read(0x80c, 4));
    assertEquals(0, memory.read(0x810, 4), "a burst of four");
    dma.write(SOFT_SINGLE, 1 << 5, 4);
    assertFalse(line.raised);
    dma.write(SOFT_SINGLE, 1 << 5, 4);
    assertTrue(line.raised);
    assertEquals(0x14131211, memory.read(0x814, 4));
  }

  /** Where the peripheral decides about the end, its last request is it. */
  @Test
  void peripheralEndsTheTransfer() {
    int toPeripheral9 = RUN | 9 << 6 | 5 << 11;
    channel(0, 0, 0x800, 0, 1 << 15 | WORDS | 1 << 26 | INTERRUPT, toPeripheral9);
    dma.write(SOFT_BURST, 1 << 9, 4);
    assertEquals(0x100f0e0d, memory.read(0x800, 4));
    assertFalse(line.raised);
    dma.write(SOFT_LAST_BURST, 1 << 9, 4);
    assertEquals(0x201f1e1d, memory.read(0x800, 4));
    assertTrue(line.raised);
    assertEquals(0, dma.read(ENABLED, 4));
  }
}
