package org.curios.machine.card;

/** Registers of an SD card (SD Physical Layer Simplified Specification 2.00, chapter 5). */
public final class CardRegisters {
  private CardRegisters() {}

  /** The identification (5.2). */
  public static int[] cid() {
    return new int[] {0xaa435552, 0x494f5320, 0x01deadbe, 0xef008100};
  }

  /**
   * The card-specific data (5.3): version 1 for standard, version 2 for high capacity. The command
   * classes are those that the card has: basic, block read, block write, application.
   *
   * @param blocks of 512 bytes
   */
  public static int[] csd(long blocks, boolean highCapacity) {
    if (highCapacity) {
      long size = blocks / 1024 - 1;
      return new int[] {
        0x400e0032, 0x11590000 | (int) (size >>> 16) & 0x3f, (int) (size << 16) | 0x7f80, 0x0a404000
      };
    }
    int length = blocks > 1 << 21 ? 10 : 9; // over 1 GiB, in units of 1024 bytes
    long units = blocks >> length - 9;
    int multiplier = 0;
    while (units >> multiplier + 2 > 4096) {
      multiplier++;
    }
    int size = (int) (units >> multiplier + 2) - 1;
    return new int[] {
      0x00260032,
      0x11500000 | length << 16 | size >>> 2 & 0x3ff,
      (size & 3) << 30 | 0xb6d << 18 | multiplier << 15 | 0x7f80,
      0x0a000000 | length << 22
    };
  }
}
