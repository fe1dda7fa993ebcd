package org.curios.machine.card.ext2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.curios.machine.card.DiskBase;

/**
 * Makes an ext2 file system of revision 1, empty or with files, as the content of a card. It has
 * the features filetype, sparse_super and large_file, like {@code mke2fs -t ext2}. The same calls
 * produce the same bytes.
 */
public final class Ext2Formatter {
  /** Bytes in a name, at most. */
  public static final int LONGEST_NAME = 255;

  /** Reserved inodes, including that of lost+found. */
  private static final int RESERVED = 11;

  private static final int BYTES_PER_INODE = 8192;

  /** 1 January 2008, at which the clock of the board starts. */
  private static final int TIME = 1_199_145_600;

  private final long bytes;
  private final Node root = Node.folder(0755);
  private int nodes;
  private int blockSize = 1024;
  private int inodeSize = 128;
  private String label = "CuriOS";
  private int time = TIME;

  /**
   * Begins a file system.
   *
   * @param bytes size of the card, a multiple of 512, at least 64 KiB
   */
  public Ext2Formatter(long bytes) {
    if (bytes < 64 << 10 || bytes % DiskBase.BLOCK != 0) {
      throw new IllegalArgumentException(
          "a card of %d bytes; give a multiple of 512, at least 64K".formatted(bytes));
    }
    this.bytes = bytes;
    root.entries.put("lost+found", Node.folder(0700));
  }

  /**
   * Sets the bytes in a block; 1024 by default.
   *
   * @param size 1024, 2048 or 4096
   */
  public Ext2Formatter blockSize(int size) {
    if (size != 1024 && size != 2048 && size != 4096) {
      throw new IllegalArgumentException("blocks of " + size + " bytes; give 1024, 2048 or 4096");
    }
    blockSize = size;
    return this;
  }

  /**
   * Sets the bytes in an inode; 128 by default.
   *
   * @param size 128 or 256
   */
  public Ext2Formatter inodeSize(int size) {
    if (size != 128 && size != 256) {
      throw new IllegalArgumentException("inodes of " + size + " bytes; give 128 or 256");
    }
    inodeSize = size;
    return this;
  }

  /**
   * Sets the name of the volume; CuriOS by default.
   *
   * @param name at most 16 bytes of UTF-8
   */
  public Ext2Formatter label(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > 16) {
      throw new IllegalArgumentException(name + ": a label has at most 16 bytes");
    }
    label = name;
    return this;
  }

  /**
   * Sets the time of all files; 1 January 2008 by default.
   *
   * @param seconds since 1970
   */
  public Ext2Formatter time(int seconds) {
    time = seconds;
    return this;
  }

  /**
   * Adds a folder, and its parent folders.
   *
   * @param path names with / between
   */
  public Ext2Formatter folder(String path) {
    enter(path.split("/"));
    return this;
  }

  /**
   * Adds a file, and its parent folders.
   *
   * @param path names with / between
   * @param content is not copied, and must not be changed before {@link #format}
   */
  public Ext2Formatter file(String path, byte[] content) {
    String[] names = path.split("/");
    Node folder = enter(Arrays.copyOf(names, names.length - 1));
    String name = names[names.length - 1];
    check(name);
    if (folder.entries.put(name, Node.file(content)) != null) {
      throw new IllegalArgumentException(path + ": exists already");
    }
    nodes++;
    return this;
  }

  /** Adds a text file in UTF-8. */
  public Ext2Formatter file(String path, String text) {
    return file(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private Node enter(String[] names) {
    Node folder = root;
    for (String name : names) {
      if (name.isEmpty()) {
        continue; // at the start, or doubled
      }
      check(name);
      Node next = folder.entries.get(name);
      if (next == null) {
        next = Node.folder(0755);
        folder.entries.put(name, next);
        nodes++;
      }
      if (!next.isFolder()) {
        throw new IllegalArgumentException(name + ": is a file, and cannot contain others");
      }
      folder = next;
    }
    return folder;
  }

  private static void check(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST_NAME || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          "'%s' is not a file name; give one of 1 to 255 bytes".formatted(name));
    }
  }

  /**
   * Makes the file system.
   *
   * @return the content of a card, to be shared by any number of machines
   * @throws IllegalArgumentException when the files need more space than there is; the message says
   *     how much
   */
  public DiskBase format() {
    long inodes = Math.max(bytes / BYTES_PER_INODE, nodes + RESERVED + 16L);
    Geometry geometry = Geometry.of(bytes, blockSize, inodeSize, inodes);
    UUID uuid = UUID.nameUUIDFromBytes(label.getBytes(StandardCharsets.UTF_8));
    return new Volume(geometry, label, uuid, time).write(root, bytes / DiskBase.BLOCK);
  }
}
