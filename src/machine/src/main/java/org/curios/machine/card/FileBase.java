package org.curios.machine.card;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The content of a file. The one machine that writes to it stores the original of each block here,
 * so that others that share the file see the old content.
 */
final class FileBase implements DiskBase {
  /** The smallest card that the card-specific data can describe. */
  static final int FEWEST = 4;

  private final Path path;
  private final FileChannel file;
  private final long blocks;
  private final String identity;
  private final Map<Long, byte[]> originals = new ConcurrentHashMap<>();

  private FileBase(Path path, FileChannel file) throws IOException {
    this.path = path;
    this.file = file;
    this.blocks = file.size() / BLOCK;
    this.identity = stamp();
  }

  /**
   * Opens a file, locked against other processes that would write to it or see it change.
   *
   * @throws IOException if that fails; the message is for the user
   */
  static FileBase open(Path path, boolean writable) throws IOException {
    FileChannel file = channel(path, writable);
    try {
      if (!locks(file, writable)) {
        throw new IOException(
            "%s: another machine %s; give each its own copy%s"
                .formatted(
                    path,
                    writable ? "uses it" : "writes to it",
                    writable ? ", or all of them %s,snapshot".formatted(path) : ""));
      }
      long size = file.size();
      if (size < FEWEST * BLOCK || size % BLOCK != 0) {
        throw new IOException(
            path
                + ": an SD image of "
                + size
                + " bytes; give a multiple of 512, at least 2048 (truncate -s 64M FILE)");
      }
      return new FileBase(path, file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static FileChannel channel(Path path, boolean writable) throws IOException {
    try {
      return writable
          ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
          : FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new IOException(path + ": no such SD image; make one with truncate -s 64M " + path, e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          writable
              ? path
                  + ": cannot be opened for reading and writing; check its permissions, or say "
                  + path
                  + ",snapshot to keep changes in memory"
              : path + ": cannot be opened for reading; check its permissions",
          e);
    } catch (IOException e) {
      throw new IOException(path + ": cannot be opened (" + e.getMessage() + ")", e);
    }
  }

  /** A file system without locks has none to break. */
  private static boolean locks(FileChannel file, boolean writable) {
    try {
      FileLock lock = file.tryLock(0, Long.MAX_VALUE, !writable);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return !writable; // a lock of this process, which shares the file
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public long blocks() {
    return blocks;
  }

  @Override
  public byte[] block(long number) throws IOException {
    byte[] original = originals.get(number);
    if (original == null) {
      byte[] bytes = load(number);
      original = originals.get(number); // it is there before the file changes
      return original == null ? bytes : original;
    }
    return original;
  }

  private byte[] load(long number) throws IOException {
    byte[] bytes = new byte[BLOCK];
    ByteBuffer into = ByteBuffer.wrap(bytes);
    long at = number * BLOCK;
    while (into.hasRemaining() && file.read(into, at + into.position()) > 0) {
      // a read may be short
    }
    if (into.hasRemaining()) {
      throw new IOException(path + ": the file has become shorter");
    }
    return bytes;
  }

  /**
   * Writes to the file.
   *
   * @param keeps whether the original is kept, and this base stays as it is; otherwise it changes
   */
  void store(long number, byte[] bytes, boolean keeps) throws IOException {
    if (keeps && !originals.containsKey(number)) {
      originals.put(number, load(number));
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      file.write(from, number * BLOCK + from.position());
    }
  }

  /** Returns the blocks whose originals are kept: all in which the file may differ from this. */
  Set<Long> kept() {
    return originals.keySet();
  }

  boolean isOpen() {
    return file.isOpen();
  }

  void flush() throws IOException {
    file.force(false);
  }

  @Override
  public String identity() {
    return identity;
  }

  /** Returns what identifies the file as it is now. */
  String stamp() throws IOException {
    long time = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
    return "%d bytes, modified %d".formatted(blocks * BLOCK, time);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
