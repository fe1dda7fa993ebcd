package org.curios.machine.card;

import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.curios.arm.bus.Stateful;

/**
 * The content of one machine's card: a base that does not change, and the blocks that the machine
 * has written. They are kept in memory; a disk of {@link #writeThrough} writes them to its file as
 * well. Its state ({@link Stateful}) is how much was read and written; the blocks themselves go
 * into snapshots as changes since the one before.
 */
public final class Disk implements Closeable, Stateful {
  /** Bytes in a block. */
  public static final int BLOCK = DiskBase.BLOCK;

  private static final byte[] ZERO = new byte[BLOCK];

  /** Observes blocks that the card reads and writes. */
  public interface Observer {
    /** A block is about to be read. */
    default void read(long block) {}

    /**
     * A block has been written.
     *
     * @param block its number
     * @param bytes its content, which must not be changed
     */
    void written(long block, byte[] bytes);
  }

  private final DiskBase base;
  private final FileBase file;
  private final boolean writeProtected;

  /** Blocks that differ from the base; an array never changes once it is here. */
  private final Map<Long, byte[]> changed = new HashMap<>();

  /** Blocks that were written since the last snapshot. */
  private final Set<Long> dirty = new HashSet<>();

  /** Whether the machine may be restored to an earlier state, so that the base must not change. */
  private boolean keeps;

  private Observer observer = (block, bytes) -> {};
  private long reads;
  private long writes;
  private long stopAt;
  private Runnable stop = () -> {};

  private Disk(DiskBase base, FileBase file, boolean writeProtected) {
    this.base = base;
    this.file = file;
    this.keeps = file == null;
    this.writeProtected = writeProtected;
  }

  /** Makes a disk that stores writes in memory. */
  public Disk(DiskBase base) {
    this(base, null, false);
  }

  /** Makes a write-protected disk. */
  public static Disk writeProtected(DiskBase base) {
    return new Disk(base, null, true);
  }

  /**
   * Opens a file to which all writes go.
   *
   * @param path a multiple of 512 bytes, at least 2048
   * @throws IOException when it cannot be opened for reading and writing, has another size, or is
   *     in use; the message is for the user
   */
  public static Disk writeThrough(Path path) throws IOException {
    FileBase base = FileBase.open(path, true);
    return new Disk(base, base, false);
  }

  /** Returns its initial content. */
  public DiskBase base() {
    return base;
  }

  /** Returns the number of blocks. */
  public long blocks() {
    return base.blocks();
  }

  /** Returns whether the card's switch is at write protection. */
  public boolean isWriteProtected() {
    return writeProtected;
  }

  /** Returns how many blocks have been read. */
  public long reads() {
    return reads;
  }

  /** Returns how many blocks have been written, those written again included. */
  public long writes() {
    return writes;
  }

  /**
   * Returns in how many blocks this disk may differ from its base; 0 for a file that is written
   * through while no snapshot was taken.
   */
  public int changed() {
    return changed.size();
  }

  /** Sets the observer of blocks from now on; null for none. */
  public void observe(Observer sees) {
    observer = sees == null ? (block, bytes) -> {} : sees;
  }

  /**
   * Returns a block without counting it as read.
   *
   * @param number 0 to {@link #blocks} - 1
   * @return 512 bytes, which must not be changed
   */
  public byte[] block(long number) throws IOException {
    byte[] bytes = changed.get(number);
    return bytes == null ? base.block(number) : bytes;
  }

  /** Reads a block for the card. */
  public byte[] read(long number) throws IOException {
    reads++;
    observer.read(number);
    return block(number);
  }

  /**
   * Writes a block for the card.
   *
   * @param bytes 512 bytes, which are copied
   */
  public void write(long number, byte[] bytes) throws IOException {
    byte[] copy = bytes.clone();
    if (file != null) {
      file.store(number, copy, keeps);
    }
    if (keeps) {
      changed.put(number, copy);
      dirty.add(number);
    }
    writes++;
    observer.written(number, copy);
    if (writes == stopAt) {
      stop.run();
    }
  }

  /**
   * Runs an action at a later write.
   *
   * @param count what {@link #writes} is then
   * @param action what is done after it
   */
  public void stopAt(long count, Runnable action) {
    stopAt = count;
    stop = action;
  }

  /** Forces all writes to the medium of the host, if they go to a file. */
  public void flush() throws IOException {
    if (file != null) {
      file.flush();
    }
  }

  // ---- snapshots

  /** Preserves the base from now on, so that earlier contents can be restored. */
  public void keepBase() {
    keeps = true;
  }

  /** Returns the numbers of the blocks written since {@link #takeChanges}. */
  public Set<Long> dirty() {
    return Set.copyOf(dirty);
  }

  /** Returns the blocks written since the last call, with their content. */
  public Map<Long, byte[]> takeChanges() {
    Map<Long, byte[]> changes = new HashMap<>();
    dirty.forEach(number -> changes.put(number, changed.get(number)));
    dirty.clear();
    return changes;
  }

  /**
   * Restores a block.
   *
   * @param bytes its content, or null for that of the base
   */
  public void putBack(long number, byte[] bytes) throws IOException {
    if (file != null) {
      file.store(number, bytes == null ? base.block(number) : bytes, true);
    }
    if (bytes == null) {
      changed.remove(number);
    } else {
      changed.put(number, bytes);
    }
    dirty.remove(number);
  }

  /**
   * Changes a block without a write, as decay does. Snapshots contain the change.
   *
   * @param bytes 512 bytes, which are copied
   * @throws IllegalStateException when the disk writes through to a file, which must not be damaged
   */
  public void damage(long number, byte[] bytes) {
    if (file != null) {
      throw new IllegalStateException("the card is a file that is written through");
    }
    changed.put(number, bytes.clone());
    dirty.add(number);
  }

  /** Returns whether a block has this content; null represents that of the base. */
  public boolean holds(long number, byte[] bytes) throws IOException {
    return Arrays.equals(block(number), bytes == null ? base.block(number) : bytes);
  }

  /**
   * Returns the blocks in which the present file may differ from the base: a snapshot that goes
   * into a file has to hold them all.
   */
  public Set<Long> written() {
    return file == null ? Set.of() : Set.copyOf(file.kept());
  }

  /** Returns the identities of bases over which a snapshot's file can be restored. */
  public List<String> identities() throws IOException {
    return file == null ? List.of(base.identity()) : List.of(base.identity(), file.stamp());
  }

  /** Returns the blocks that differ from the base, for reading only. */
  public Map<Long, byte[]> changes() {
    keepBase();
    return Map.copyOf(changed);
  }

  // ---- the whole content

  /**
   * Writes the current contents to a new file, which is sparse if the host's file system allows
   * that.
   *
   * @throws IOException when it cannot be written, or is there already
   */
  public void copyTo(Path path) throws IOException {
    copy(base, changed, path);
  }

  static void copy(DiskBase base, Map<Long, byte[]> changed, Path path) throws IOException {
    try (FileChannel to =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      long last = base.blocks() - 1;
      to.write(ByteBuffer.wrap(ZERO), last * BLOCK);
      if (base instanceof MemoryBase memory) {
        for (Map.Entry<Long, byte[]> block : memory.content().entrySet()) {
          to.write(ByteBuffer.wrap(block.getValue()), block.getKey() * BLOCK);
        }
      } else {
        for (long number = 0; number <= last; number++) {
          byte[] bytes = base.block(number);
          if (!Arrays.equals(bytes, ZERO)) {
            to.write(ByteBuffer.wrap(bytes), number * BLOCK);
          }
        }
      }
      for (Map.Entry<Long, byte[]> block : changed.entrySet()) {
        to.write(ByteBuffer.wrap(block.getValue()), block.getKey() * BLOCK);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null && file.isOpen()) {
      try {
        file.flush();
      } finally {
        file.close();
      }
    }
  }

  /**
   * Sets the numbers of blocks that were read and written, on which nothing in the guest depends.
   */
  public void setCounts(long read, long written) {
    reads = read;
    writes = written;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeLong(reads);
    out.writeLong(writes);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    reads = in.readLong();
    writes = in.readLong();
  }
}
