package org.curios.machine.device;

/**
 * The identification registers at the end of each PrimeCell's 4 KiB: peripheral id and cell id, a
 * byte a word.
 */
public final class PrimeCellId {
  private static final int FIRST = 0xfe0;
  private static final int[] CELL = {0x0d, 0xf0, 0x05, 0xb1};

  private final int[] bytes = new int[8];

  /**
   * Makes the registers.
   *
   * @param peripheral the four bytes of the peripheral id, lowest first
   */
  public PrimeCellId(int... peripheral) {
    System.arraycopy(peripheral, 0, bytes, 0, 4);
    System.arraycopy(CELL, 0, bytes, 4, 4);
  }

  /** Returns whether an offset is one of the identification registers. */
  public static boolean contains(int offset) {
    return offset >= FIRST && offset < FIRST + 32;
  }

  /** Reads an identification register. */
  public int read(int offset) {
    return bytes[(offset - FIRST) / 4];
  }
}
