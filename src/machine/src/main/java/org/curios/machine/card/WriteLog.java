package org.curios.machine.card;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The writes to a disk from a given moment on, in order, from which the card after a power cut
 * between any two of them can be reconstructed.
 */
public final class WriteLog implements AutoCloseable {
  /**
   * One write.
   *
   * @param block number of the block
   * @param bytes 512 bytes, which must not be changed
   */
  public record Write(long block, byte[] bytes) {}

  private final Disk disk;
  private final Map<Long, byte[]> before;
  private final List<Write> writes = new ArrayList<>();

  /** Starts to log; the log replaces another observer of the disk. */
  public WriteLog(Disk disk) {
    this.disk = disk;
    this.before = disk.changes();
    disk.observe((block, bytes) -> writes.add(new Write(block, bytes)));
  }

  /** Returns the writes so far. */
  public List<Write> writes() {
    return List.copyOf(writes);
  }

  /**
   * Writes the contents of the card after a number of writes to a new file, sparse where possible.
   *
   * @param count 0 to the number of {@link #writes}
   * @throws IOException when it cannot be written, or is there already
   */
  public void copyTo(Path file, int count) throws IOException {
    Disk.copy(disk.base(), before, file);
    apply(file, 0, count);
  }

  /**
   * Updates a file of {@link #copyTo} from one number of writes to a later one.
   *
   * @param from what the file holds
   * @param to what it holds afterwards, at least {@code from}
   */
  public void apply(Path file, int from, int to) throws IOException {
    try (FileChannel image = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (Write write : writes.subList(from, to)) {
        image.write(ByteBuffer.wrap(write.bytes()), write.block() * Disk.BLOCK);
      }
    }
  }

  /** Ends the log; what is logged stays. */
  @Override
  public void close() {
    disk.observe(null);
  }
}
