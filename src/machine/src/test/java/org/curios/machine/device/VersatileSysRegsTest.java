package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.curios.arm.bus.VirtualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: Versatile Application Baseboard User Guide, ARM DUI 0224, chapter 4, "Status and
 * system control registers".
 */
class VersatileSysRegsTest {
  private static final int ID = 0x00;
  private static final int LED = 0x08;
  private static final int OSC0 = 0x0c;
  private static final int LOCK = 0x20;
  private static final int HUNDRED_HZ = 0x24;
  private static final int FLAGS = 0x30;
  private static final int FLAGSCLR = 0x34;
  private static final int NVFLAGS = 0x38;
  private static final int NVFLAGSCLR = 0x3c;
  private static final int RESETCTL = 0x40;
  private static final int MHZ24 = 0x5c;

  private static final int UNLOCK = 0xa05f;
  private static final int LOCKED = 1 << 16;

  private final Ticks ticks = new Ticks();
  private int resets;
  private final VersatileSysRegs registers = new VersatileSysRegs(ticks.clock, () -> resets++);

  private int read(int offset) {
    return registers.read(offset, 4);
  }

  private void write(int offset, int value) {
    registers.write(offset, value, 4);
  }

  /** SYS_ID: ARM (0x41), AHB multi-layer board, VersatilePB; read only. */
  @Test
  void identifiesTheBoard() {
    assertEquals(0x41007004, read(ID));
    write(ID, 0);
    assertEquals(0x41007004, read(ID));
  }

  /** SYS_LED: eight LEDs, free to write. */
  @Test
  void ledsKeepTheirState() {
    write(LED, 0xa5);
    assertEquals(0xa5, read(LED));
  }

  /** SYS_100HZ: counts at 100 Hz from reset. */
  @Test
  void countsHundredthsOfASecond() {
    ticks.pass(VirtualClock.HZ / 100 - 1);
    assertEquals(0, read(HUNDRED_HZ));
    ticks.pass(1);
    assertEquals(1, read(HUNDRED_HZ));
    ticks.passSeconds(10);
    assertEquals(1001, read(HUNDRED_HZ));
  }

  /** SYS_24MHZ: counts at 24 MHz, 32 bits. */
  @Test
  void countsAt24Megahertz() {
    ticks.passMicroseconds(1);
    assertEquals(24, read(MHZ24));
    ticks.passSeconds(1);
    assertEquals(24_000_024, read(MHZ24));
    ticks.passSeconds(1000);
    assertEquals((int) 24_024_000_024L, read(MHZ24), "wraps at 32 bits");
  }

  /** SYS_FLAGS, SYS_NVFLAGS: bits that are set and cleared by registers of their own. */
  @ParameterizedTest
  @ValueSource(ints = {FLAGS, NVFLAGS})
  void flagsAreSetAndClearedBitByBit(int set) {
    int clear = set + 4;
    write(set, 0b0011);
    write(set, 0b1000);
    assertEquals(0b1011, read(set));
    write(clear, 0b0010);
    assertEquals(0b1001, read(set));
  }

  /** The two sets of flags are apart. */
  @Test
  void flagsAreApart() {
    write(FLAGS, 1);
    write(NVFLAGS, 2);
    assertEquals(1, read(FLAGS));
    assertEquals(2, read(NVFLAGS));
    write(FLAGSCLR, -1);
    write(NVFLAGSCLR, 1);
    assertEquals(0, read(FLAGS));
    assertEquals(2, read(NVFLAGS));
  }

  /** SYS_LOCK: bit 16, LOCKED, is set unless the low half is 0xA05F. */
  @Test
  void lockSaysWhetherItIsLocked() {
    assertEquals(LOCKED, read(LOCK) & LOCKED, "after reset");
    write(LOCK, UNLOCK);
    assertEquals(0, read(LOCK) & LOCKED);
    assertEquals(UNLOCK, read(LOCK) & 0xffff);
    write(LOCK, 0);
    assertEquals(LOCKED, read(LOCK) & LOCKED);
  }

  /** SYS_OSC0 to SYS_OSC4 can be written only while unlocked. */
  @ParameterizedTest
  @ValueSource(ints = {OSC0, OSC0 + 4, OSC0 + 8, OSC0 + 12, OSC0 + 16})
  void oscillatorsAreLocked(int oscillator) {
    int before = read(oscillator);
    write(oscillator, before ^ 0x1234);
    assertEquals(before, read(oscillator));
    write(LOCK, UNLOCK);
    write(oscillator, before ^ 0x1234);
    assertEquals(before ^ 0x1234, read(oscillator));
    write(LOCK, 1);
    write(oscillator, before);
    assertEquals(before ^ 0x1234, read(oscillator), "locked again");
  }

  /** SYS_RESETCTL: bit 8 resets, if unlocked. */
  @Test
  void resetNeedsTheLockAndTheBit() {
    write(RESETCTL, 0x106);
    assertEquals(0, resets, "locked");
    write(LOCK, UNLOCK);
    write(RESETCTL, 0x006);
    assertEquals(0, resets, "only the level");
    write(RESETCTL, 0x106);
    assertEquals(1, resets);
  }

  /** A value that only resembles the key does not unlock. */
  @ParameterizedTest
  @ValueSource(ints = {0xa05e, 0x205f, 0x5fa0, 0})
  void otherValuesDoNotUnlock(int value) {
    write(LOCK, value);
    write(RESETCTL, 0x106);
    assertEquals(0, resets);
  }

  /** SYS_MCI: a bit for each slot that has a card. SYS_CLCD: what is connected, and the mode. */
  @Test
  void cardsAndDisplay() {
    int[] mode = new int[1];
    VersatileSysRegs board = new VersatileSysRegs(ticks.clock, () -> {}, m -> mode[0] = m, () -> 1);
    assertEquals(1, board.read(0x48, 4));
    assertEquals(0, registers.read(0x48, 4));
    board.write(0x50, 0xffff, 4);
    assertEquals(3, mode[0]);
    assertEquals(0x1f00, board.read(0x50, 4) & 0x3f00, "a VGA monitor");
    assertEquals(1, board.read(0x44, 4), "the board is in a PCI backplane");
  }
}
