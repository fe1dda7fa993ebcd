package org.curios.machine.card;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The contents of a card before a machine writes to it. They never change, so that any number of
 * machines may share them, on any threads. The code that has opened it closes it, after the
 * machines.
 */
public interface DiskBase extends Closeable {
  /** Bytes in a block. */
  int BLOCK = 512;

  /** Returns the number of blocks. */
  long blocks();

  /**
   * Returns a block.
   *
   * @param number 0 to {@link #blocks} - 1
   * @return 512 bytes, which must not be changed
   * @throws IOException when the file cannot be read
   */
  byte[] block(long number) throws IOException;

  /** Returns the identity of this content, for the files of snapshots. */
  String identity();

  @Override
  default void close() throws IOException {
    // nothing is open
  }

  /**
   * Returns the content of a file, which must not change.
   *
   * @param file a multiple of 512 bytes, at least 2048; it may be sparse
   * @throws IOException when it cannot be opened or has another size; the message is for the user
   */
  static DiskBase of(Path file) throws IOException {
    return FileBase.open(file, false);
  }

  /**
   * Returns a content in memory.
   *
   * @param blocks number of blocks, at least 4
   * @param content blocks of 512 bytes that are not all zero, by number; must not be changed
   */
  static DiskBase of(long blocks, Map<Long, byte[]> content) {
    return new MemoryBase(blocks, content);
  }

  /**
   * Returns zeros.
   *
   * @param bytes a multiple of 512, at least 2048
   */
  static DiskBase zeros(long bytes) {
    return new MemoryBase(bytes / BLOCK, Map.of());
  }
}
