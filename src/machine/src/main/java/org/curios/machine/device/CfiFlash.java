package org.curios.machine.device;

import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.Stateful;

/**
 * The 64 MiB of flash of the VersatilePB (ARM DUI 0224, 4.15): two chips of 16 bits side by side,
 * each with half of every word. With a file, programmed words are written there too.
 */
public final class CfiFlash implements Device, Stateful, Closeable {
  /** Bytes in all. */
  public static final int SIZE = 64 << 20;

  /** Bytes of a piece; its array never changes once it is stored. */
  public static final int PIECE = 512;

  private static final int ERASE_BLOCK = 4 * CfiChip.BLOCK_WORDS;
  private static final byte[] ERASED = new byte[PIECE];

  static {
    Arrays.fill(ERASED, (byte) 0xff);
  }

  private final CfiChip[] chips = {new CfiChip(new Half(0)), new CfiChip(new Half(1))};
  private final byte[] base;
  private final FileChannel file;
  private final Map<Long, byte[]> written = new HashMap<>();
  private final Set<Long> dirty = new HashSet<>();

  /** Creates erased flash. */
  public CfiFlash() {
    base = new byte[0];
    file = null;
  }

  /**
   * Creates flash with the content of a file; the part after the end of the file is erased.
   *
   * @throws IOException when the file cannot be opened for reading and writing, or is too large;
   *     the message is for the user
   */
  public CfiFlash(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (file.size() > SIZE) {
      long size = file.size();
      file.close();
      throw new IOException(
          "%s: %d bytes, but the flash has 64 MiB; give a smaller file".formatted(path, size));
    }
    base = new byte[(int) file.size()];
    ByteBuffer into = ByteBuffer.wrap(base);
    while (into.hasRemaining() && file.read(into, into.position()) > 0) {
      // a read may be short
    }
  }

  /** The words of one chip: every other halfword. */
  private final class Half implements CfiChip.Store {
    private final int lane;

    Half(int lane) {
      this.lane = lane;
    }

    private int at(int word) {
      return 4 * word + 2 * lane;
    }

    @Override
    public int word(int number) {
      int at = at(number);
      return byteAt(at) | byteAt(at + 1) << 8;
    }

    @Override
    public void program(int number, int value) {
      int at = at(number);
      byte[] bytes = piece(at / PIECE).clone();
      bytes[at % PIECE] &= (byte) value;
      bytes[at % PIECE + 1] &= (byte) (value >>> 8);
      put(at / PIECE, bytes);
    }

    @Override
    public void erase(int block) {
      for (int at = block * ERASE_BLOCK; at < (block + 1) * ERASE_BLOCK; at += PIECE) {
        byte[] bytes = piece(at / PIECE).clone();
        for (int i = 2 * lane; i < PIECE; i += 4) {
          bytes[i] = -1;
          bytes[i + 1] = -1;
        }
        put(at / PIECE, Arrays.equals(bytes, ERASED) ? ERASED : bytes);
      }
    }
  }

  private int byteAt(int offset) {
    byte[] piece = written.get((long) (offset / PIECE));
    if (piece != null) {
      return piece[offset % PIECE] & 0xff;
    }
    return offset < base.length ? base[offset] & 0xff : 0xff;
  }

  private byte[] piece(int number) {
    byte[] piece = written.get((long) number);
    return piece != null ? piece : original(number);
  }

  private byte[] original(int number) {
    int from = number * PIECE;
    if (from >= base.length) {
      return ERASED;
    }
    byte[] bytes = ERASED.clone();
    System.arraycopy(base, from, bytes, 0, Math.min(PIECE, base.length - from));
    return bytes;
  }

  private void put(int number, byte[] bytes) {
    if (Arrays.equals(bytes, piece(number))) {
      return;
    }
    written.put((long) number, bytes);
    dirty.add((long) number);
    try {
      store(number, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("the file of the flash cannot be written", e);
    }
  }

  private void store(long number, byte[] bytes) throws IOException {
    if (file == null) {
      return;
    }
    for (long at = file.size(); at < number * PIECE; at = file.size()) { // a short file grows
      file.write(ByteBuffer.wrap(ERASED, 0, (int) Math.min(PIECE, number * PIECE - at)), at);
    }
    file.write(ByteBuffer.wrap(bytes), number * PIECE);
  }

  /** Returns the numbers of the pieces written since {@link #takeChanges}. */
  public Set<Long> dirty() {
    return Set.copyOf(dirty);
  }

  /** Returns the pieces written since the last call, with their content. */
  public Map<Long, byte[]> takeChanges() {
    Map<Long, byte[]> changes = new HashMap<>();
    dirty.forEach(number -> changes.put(number, written.get(number)));
    dirty.clear();
    return changes;
  }

  /**
   * Restores a piece.
   *
   * @param bytes its content, or null for its initial content
   */
  public void putBack(long number, byte[] bytes) throws IOException {
    byte[] content = bytes == null ? original((int) number) : bytes;
    if (!Arrays.equals(content, piece((int) number))) {
      store(number, content);
    }
    if (bytes == null) {
      written.remove(number);
    } else {
      written.put(number, bytes);
    }
    dirty.remove(number);
  }

  /** Returns whether a piece has this content; null represents its initial content. */
  public boolean holds(long number, byte[] bytes) {
    return Arrays.equals(piece((int) number), bytes == null ? original((int) number) : bytes);
  }

  /** Resets the chips as a reset of the board does: the content stays. */
  public void reset() {
    for (CfiChip chip : chips) {
      chip.reset();
    }
  }

  @Override
  public int read(int offset, int size) {
    int value;
    if (chips[0].isReadable() && chips[1].isReadable()) {
      value = 0;
      for (int i = 0; i < size; i++) {
        value |= byteAt(offset + i) << 8 * i;
      }
      return value;
    }
    value = chips[0].read(offset / 4) | chips[1].read(offset / 4) << 16;
    return value >>> 8 * (offset & 3) & -1 >>> 32 - 8 * size;
  }

  @Override
  public void write(int offset, int value, int size) {
    int word = value << 8 * (offset & 3);
    if (size == 4 || (offset & 2) == 0) {
      chips[0].write(offset / 4, word & 0xffff);
    }
    if (size == 4 || (offset & 2) != 0) {
      chips[1].write(offset / 4, word >>> 16);
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (CfiChip chip : chips) {
      chip.save(out);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (CfiChip chip : chips) {
      chip.restore(in);
    }
  }
}
