package org.curios.machine.card.ext2;

/**
 * The layout of a file system (The Second Extended File System, "Disk organisation"): the blocks
 * are divided into groups, each with two bitmaps and a table of inodes; some begin with a copy of
 * the superblock and of the table of groups.
 *
 * @param blockSize bytes in a block: 1024, 2048 or 4096
 * @param inodeSize bytes in an inode: 128 or 256
 * @param blocks all blocks, the unused one at the start included
 * @param groups number of groups
 * @param inodesPerGroup inodes in each group
 */
record Geometry(int blockSize, int inodeSize, long blocks, int groups, int inodesPerGroup) {
  private static final int DESCRIPTOR = 32;

  /** Minimum number of data blocks of the last group. */
  private static final int FEWEST = 50;

  /**
   * Divides a card.
   *
   * @param bytes size of the card
   * @param inodes minimum number of inodes, reserved ones included
   * @throws IllegalArgumentException when it is too small
   */
  static Geometry of(long bytes, int blockSize, int inodeSize, long inodes) {
    long blocks = bytes / blockSize;
    while (true) {
      Geometry g = divide(blocks, blockSize, inodeSize, inodes);
      int last = g.groups - 1;
      long room = last < 0 ? 0 : g.blocksIn(last) - g.overhead(last);
      if (room >= FEWEST || last == 0 && room > 0) {
        return g;
      }
      if (last <= 0) {
        throw new IllegalArgumentException(
            "a card of %d bytes has no room for a file system; give at least 64K".formatted(bytes));
      }
      blocks = g.start(last); // as mke2fs does, leave a short end unused
    }
  }

  private static Geometry divide(long blocks, int blockSize, int inodeSize, long inodes) {
    int first = first(blockSize);
    int perGroup = 8 * blockSize;
    int groups = (int) Math.max(0, (blocks - first + perGroup - 1) / perGroup);
    int step = Math.max(8, blockSize / inodeSize);
    long each = groups == 0 ? 0 : (inodes + groups - 1) / groups;
    long rounded = (each + step - 1) / step * step;
    if (rounded > perGroup) {
      throw new IllegalArgumentException(
          "%d files are more than a card of %d bytes takes; give a larger one"
              .formatted(inodes, blocks * blockSize));
    }
    return new Geometry(blockSize, inodeSize, blocks, groups, (int) rounded);
  }

  private static int first(int blockSize) {
    return blockSize == 1024 ? 1 : 0; // the superblock begins at byte 1024
  }

  /** Returns the first block of the first group. */
  int first() {
    return first(blockSize);
  }

  int blocksPerGroup() {
    return 8 * blockSize;
  }

  /** Returns the first block of a group. */
  long start(int group) {
    return first() + (long) group * blocksPerGroup();
  }

  /** Returns the number of blocks in a group: the last one may be short. */
  int blocksIn(int group) {
    return (int) Math.min(blocksPerGroup(), blocks - start(group));
  }

  /** Returns the blocks that the table of groups takes. */
  int tableOfGroups() {
    return (groups * DESCRIPTOR + blockSize - 1) / blockSize;
  }

  /** Returns the blocks that a group's table of inodes takes. */
  int tableOfInodes() {
    return inodesPerGroup * inodeSize / blockSize;
  }

  /** Sparse superblocks: copies are in groups 0 and 1 and in powers of 3, 5 and 7. */
  static boolean hasSuperblock(int group) {
    return group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
  }

  private static boolean isPower(int number, int base) {
    long power = base;
    while (power < number) {
      power *= base;
    }
    return power == number;
  }

  /** Returns the block of a group's bitmap of blocks; that of inodes and their table follow. */
  long bitmaps(int group) {
    return start(group) + (hasSuperblock(group) ? 1 + tableOfGroups() : 0);
  }

  /** Returns the first block of a group's table of inodes. */
  long inodes(int group) {
    return bitmaps(group) + 2;
  }

  /** Returns the blocks of a group that hold no data. */
  int overhead(int group) {
    return (int) (inodes(group) - start(group)) + tableOfInodes();
  }
}
