package org.curios.tests.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Wrong values in the metadata of an image with ext2: in fields of the superblock, of group
 * descriptors, inodes, entries of directories, blocks of pointers and bitmaps. Most are values that
 * look right and are not: a block that belongs to something else, a length that leads past the end,
 * a link to a directory above.
 */
final class Damage {
  private static final int SUPER = 1024;
  private static final int GROUP_BYTES = 32;
  private static final int POINTERS_AT = 40;
  private static final int POINTERS = 15;
  private static final int DIRECT = 12;
  private static final int DIRECTORY = 4;
  private static final int REGULAR = 8;
  private static final int FIRST_INODES = 40;

  /** Offset and bytes of the fields that a superblock has. */
  private static final int[][] SUPER_FIELDS = {
    {0, 4}, {4, 4}, {8, 4}, {12, 4}, {16, 4}, {20, 4}, {24, 4}, {28, 4}, {32, 4}, {36, 4}, {40, 4},
    {56, 2}, {58, 2}, {60, 2}, {76, 4}, {84, 4}, {88, 2}, {90, 2}, {92, 4}, {96, 4}, {100, 4},
    {206, 2}, {232, 4}
  };

  private static final int[][] GROUP_FIELDS = {{0, 4}, {4, 4}, {8, 4}, {12, 2}, {14, 2}, {16, 2}};

  private static final int[][] INODE_FIELDS = {
    {0, 2}, {2, 2}, {4, 4}, {20, 4}, {24, 2}, {26, 2}, {28, 4}, {32, 4}, {100, 4}, {104, 4},
    {108, 4}, {128, 2}
  };

  private static final int[] MANY = {1, 1, 1, 2, 3, 8};

  private final ByteBuffer image;
  private final Random random;
  private final int block;
  private final int blocks;
  private final int inodes;
  private final int inodeBytes;
  private final int table;
  private final int groups;

  /** The start of the group descriptors, even if the superblock is damaged. */
  private final int descriptors;

  private final List<Integer> used = new ArrayList<>();
  private final List<Integer> directories = new ArrayList<>();
  private final List<Integer> indirect = new ArrayList<>();

  private Damage(byte[] bytes, long seed) {
    image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    random = new Random(seed);
    block = 1024 << image.getInt(SUPER + 24);
    inodes = image.getInt(SUPER);
    blocks = image.getInt(SUPER + 4);
    inodeBytes = Short.toUnsignedInt(image.getShort(SUPER + 88));
    int first = image.getInt(SUPER + 20);
    descriptors = (first + 1) * block;
    groups = (blocks - first - 1) / image.getInt(SUPER + 32) + 1;
    table = image.getInt(group(0) + 8) * block;
    for (int i = 0; i < Math.min(FIRST_INODES, inodes); i++) {
      survey(table + i * inodeBytes);
    }
  }

  /**
   * Changes a few fields of an image.
   *
   * @param bytes a sound image, whose first inodes are in use
   * @param seed decides which fields, and to what
   */
  static void strike(byte[] bytes, long seed) {
    Damage d = new Damage(bytes, seed);
    for (int i = MANY[d.random.nextInt(MANY.length)]; i > 0; i--) {
      d.strike();
    }
  }

  private int group(int number) {
    return descriptors + number * GROUP_BYTES;
  }

  private void survey(int inode) {
    int type = image.getShort(inode) >> 12 & 15;
    if (type != DIRECTORY && type != REGULAR) {
      return;
    }
    used.add(inode);
    for (int i = 0; i < POINTERS; i++) {
      int to = image.getInt(inode + POINTERS_AT + 4 * i);
      if (to == 0) {
        continue;
      }
      if (i >= DIRECT) {
        indirect.add(to * block);
      } else if (type == DIRECTORY) {
        directories.add(to * block);
      }
    }
  }

  private void strike() {
    switch (random.nextInt(8)) {
      case 0 -> field(SUPER, SUPER_FIELDS);
      case 1 -> field(group(random.nextInt(groups)), GROUP_FIELDS);
      case 2, 3 -> field(any(used), INODE_FIELDS);
      case 4 -> put(any(used) + POINTERS_AT + 4 * random.nextInt(POINTERS), 4, blockNumber());
      case 5 -> entry(any(directories));
      case 6 -> {
        int at = any(indirect) + 4 * random.nextInt(random.nextBoolean() ? 4 : block / 4);
        put(at, 4, random.nextBoolean() ? any(indirect) / block : blockNumber());
      }
      default -> bitmap();
    }
  }

  private int any(List<Integer> places) {
    return places.get(random.nextInt(places.size()));
  }

  private void field(int at, int[][] fields) {
    int[] field = fields[random.nextInt(fields.length)];
    put(at + field[0], field[1], value(get(at + field[0], field[1])));
  }

  /** A number next to the right one, an extreme one, or any. */
  private int value(int right) {
    return switch (random.nextInt(9)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> right + 1;
      case 3 -> right - 1;
      case 4 -> right ^ 1 << random.nextInt(32);
      case 5 -> blockNumber();
      case 6 -> 1 + random.nextInt(inodes + 1);
      case 7 -> Integer.MAX_VALUE;
      default -> random.nextInt();
    };
  }

  /** A block that belongs to something, that does not exist, or any. */
  private int blockNumber() {
    return switch (random.nextInt(7)) {
      case 0 -> SUPER / block;
      case 1 -> group(0) / block;
      case 2 -> image.getInt(group(random.nextInt(groups)) + 4 * random.nextInt(3));
      case 3 -> any(directories) / block;
      case 4 -> any(indirect) / block;
      case 5 -> blocks + random.nextInt(3) - 1;
      default -> random.nextInt(blocks);
    };
  }

  /** An entry that is too short or too long, or names what it must not. */
  private void entry(int directory) {
    int at = directory;
    for (int i = random.nextInt(6); i > 0; i--) {
      int length = Short.toUnsignedInt(image.getShort(at + 4));
      if (length < 8 || at + length >= directory + block) {
        break;
      }
      at += length;
    }
    switch (random.nextInt(6)) {
      case 0 -> put(at, 4, random.nextInt(14));
      case 1 -> put(at, 4, value(image.getInt(at)));
      case 2 -> put(at + 4, 2, 4 * random.nextInt(block / 2));
      case 3 -> put(at + 4, 2, value(image.getShort(at + 4)));
      case 4 -> put(at + 6, 1, random.nextInt(256));
      default -> put(at + 7 + random.nextInt(4), 1, "/\0.\u00ff".charAt(random.nextInt(4)));
    }
  }

  private void bitmap() {
    int start = image.getInt(group(random.nextInt(groups)) + 4 * random.nextInt(2)) * block;
    if (start <= 0 || start > image.capacity() - block) {
      return; // an earlier stroke has led it away
    }
    int from = start + (random.nextBoolean() ? 0 : random.nextInt(block));
    int count = random.nextBoolean() ? 1 : start + block - from;
    byte with = (byte) (random.nextBoolean() ? 0 : random.nextInt(256));
    for (int i = 0; i < count; i++) {
      image.put(from + i, with);
    }
  }

  private int get(int at, int bytes) {
    return bytes == 4 ? image.getInt(at) : image.getShort(at);
  }

  private void put(int at, int bytes, int value) {
    for (int i = 0; i < bytes; i++) {
      image.put(at + i, (byte) (value >>> 8 * i));
    }
  }
}
