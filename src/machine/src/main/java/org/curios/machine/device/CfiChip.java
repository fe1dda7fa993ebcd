package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;

/**
 * One of the two flash chips, 28F256K3 of 32 MiB and 16 bits (Intel 290737): the command interface.
 * Erasing and programming are done as soon as they are requested.
 */
final class CfiChip {
  /** 16-bit words in an erase block. */
  static final int BLOCK_WORDS = 1 << 16;

  private static final int BUFFER_WORDS = 32;

  private static final int READY = 1 << 7;
  private static final int ERASE_ERROR = 1 << 5;
  private static final int PROGRAM_ERROR = 1 << 4;
  private static final int LOCKED = 1 << 1;

  private static final int MANUFACTURER = 0x89;
  private static final int DEVICE = 0x8803;

  private static final int QUERY_AT = 0x10;

  /**
   * The query structure (JESD68) from word 0x10 on: Intel's command set, 2.7 to 3.6 V, 128 us for a
   * word or a buffer, 1 s for a block, 2^25 bytes, 16 bits, buffers of 64 bytes, 256 blocks of 128
   * KiB, and after it Intel's extension 1.0 without suspension.
   */
  private static final int[] QUERY = {
    'Q', 'R', 'Y', 1, 0, 0x31, 0, 0, 0, 0, 0, //
    0x27, 0x36, 0, 0, 7, 7, 10, 0, 4, 4, 4, 0, //
    25, 1, 0, 6, 0, 1, 255, 0, 0, 2, //
    'P', 'R', 'I', '1', '0', 0, 0, 0, 0, 0, 1, 0, 0x33, 0, 1, 0x80, 0, 3, 3
  };

  /** What a read returns. */
  private enum Mode {
    ARRAY,
    STATUS,
    IDENTIFIER,
    QUERY
  }

  /** The meaning of the next write. */
  private enum Next {
    COMMAND,
    WORD,
    ERASE_CONFIRMATION,
    LOCK_COMMAND,
    BUFFER_COUNT,
    BUFFER_WORD,
    BUFFER_CONFIRMATION
  }

  /** The storage of the words. */
  interface Store {
    int word(int number);

    /** Clears the bits of a word that are 0 in a value. */
    void program(int number, int value);

    /** Sets a block to ones. */
    void erase(int block);
  }

  private final Store store;
  private Mode mode = Mode.ARRAY;
  private Next next = Next.COMMAND;
  private int status = READY;
  private final BitSet locked = new BitSet();
  private final int[] bufferAt = new int[BUFFER_WORDS];
  private final int[] buffer = new int[BUFFER_WORDS];
  private int bufferSize;
  private int buffered;

  CfiChip(Store store) {
    this.store = store;
  }

  /** Returns whether reads return the stored words. */
  boolean isReadable() {
    return mode == Mode.ARRAY;
  }

  /** Resets the chip; this removes the locks of blocks, too. */
  void reset() {
    mode = Mode.ARRAY;
    next = Next.COMMAND;
    status = READY;
    locked.clear();
  }

  int read(int word) {
    return switch (mode) {
      case ARRAY -> store.word(word);
      case STATUS -> status;
      case IDENTIFIER -> identifier(word);
      case QUERY -> {
        int at = (word & 0xff) - QUERY_AT;
        yield at >= 0 && at < QUERY.length ? QUERY[at] : 0;
      }
    };
  }

  private int identifier(int word) {
    return switch (word % BLOCK_WORDS) {
      case 0 -> MANUFACTURER;
      case 1 -> DEVICE;
      case 2 -> locked.get(word / BLOCK_WORDS) ? 1 : 0;
      default -> 0;
    };
  }

  void write(int word, int value) {
    Next now = next;
    next = Next.COMMAND;
    int block = word / BLOCK_WORDS;
    switch (now) {
      case COMMAND -> command(value & 0xff);
      case WORD -> {
        if (mayChange(block, PROGRAM_ERROR)) {
          store.program(word, value);
        }
      }
      case ERASE_CONFIRMATION -> {
        if ((value & 0xff) != 0xd0) {
          status |= ERASE_ERROR | PROGRAM_ERROR; // wrong sequence
        } else if (mayChange(block, ERASE_ERROR)) {
          store.erase(block);
        }
      }
      case LOCK_COMMAND -> {
        switch (value & 0xff) {
          case 0x01, 0x2f -> locked.set(block);
          case 0xd0 -> locked.clear(block);
          default -> status |= ERASE_ERROR | PROGRAM_ERROR;
        }
      }
      case BUFFER_COUNT -> {
        bufferSize = (value & 0xff) + 1;
        buffered = 0;
        if (bufferSize > BUFFER_WORDS) {
          status |= ERASE_ERROR | PROGRAM_ERROR;
        } else {
          next = Next.BUFFER_WORD;
        }
      }
      case BUFFER_WORD -> {
        bufferAt[buffered] = word;
        buffer[buffered++] = value;
        next = buffered < bufferSize ? Next.BUFFER_WORD : Next.BUFFER_CONFIRMATION;
      }
      case BUFFER_CONFIRMATION -> {
        if ((value & 0xff) != 0xd0) {
          status |= ERASE_ERROR | PROGRAM_ERROR;
        } else if (mayChange(bufferAt[0] / BLOCK_WORDS, PROGRAM_ERROR)) {
          for (int i = 0; i < bufferSize; i++) {
            store.program(bufferAt[i], buffer[i]);
          }
        }
      }
    }
  }

  private boolean mayChange(int block, int error) {
    if (locked.get(block)) {
      status |= error | LOCKED;
      return false;
    }
    return true;
  }

  private void command(int command) {
    switch (command) {
      case 0xff, 0xf0 -> mode = Mode.ARRAY;
      case 0x90 -> mode = Mode.IDENTIFIER;
      case 0x98 -> mode = Mode.QUERY;
      case 0x50 -> status = READY;
      case 0x10, 0x40 -> begin(Next.WORD);
      case 0x20 -> begin(Next.ERASE_CONFIRMATION);
      case 0x60 -> begin(Next.LOCK_COMMAND);
      case 0xe8 -> begin(Next.BUFFER_COUNT);
      case 0x70, 0xb0, 0xd0 -> mode = Mode.STATUS; // nothing is ever there to suspend or resume
      default -> {} // no command
    }
  }

  private void begin(Next what) {
    mode = Mode.STATUS;
    next = what;
  }

  void save(DataOutput out) throws IOException {
    out.writeByte(mode.ordinal());
    out.writeByte(next.ordinal());
    out.writeByte(status);
    byte[] locks = locked.toByteArray();
    out.writeByte(locks.length);
    out.write(locks);
    out.writeInt(bufferSize);
    out.writeInt(buffered);
    for (int i = 0; i < buffered; i++) {
      out.writeInt(bufferAt[i]);
      out.writeInt(buffer[i]);
    }
  }

  void restore(DataInput in) throws IOException {
    mode = Mode.values()[in.readUnsignedByte()];
    next = Next.values()[in.readUnsignedByte()];
    status = in.readUnsignedByte();
    byte[] locks = new byte[in.readUnsignedByte()];
    in.readFully(locks);
    locked.clear();
    locked.or(BitSet.valueOf(locks));
    bufferSize = in.readInt();
    buffered = in.readInt();
    for (int i = 0; i < buffered; i++) {
      bufferAt[i] = in.readInt();
      buffer[i] = in.readInt();
    }
  }
}
