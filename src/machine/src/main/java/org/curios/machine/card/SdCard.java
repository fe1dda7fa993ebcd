package org.curios.machine.card;

import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.curios.arm.bus.Stateful;

/**
 * An SD card behind its bus: identification, and transfer of blocks of 512 bytes to and from an
 * image file (SD Physical Layer Simplified Specification 2.00, chapter 4). Cards over 2 GiB are
 * high capacity and are addressed by block.
 */
public final class SdCard implements Closeable, Stateful {
  /** Bytes in a block. */
  public static final int BLOCK = 512;

  private static final long STANDARD_LIMIT = 2L << 30;
  private static final int RCA = 0x4567;

  private static final int OUT_OF_RANGE = 1 << 31;
  private static final int ADDRESS_ERROR = 1 << 30;
  private static final int BLOCK_LENGTH_ERROR = 1 << 29;
  private static final int ILLEGAL_COMMAND = 1 << 22;
  private static final int READY_FOR_DATA = 1 << 8;
  private static final int APP_COMMAND = 1 << 5;
  private static final int POWERED_UP = 1 << 31;
  private static final int HIGH_CAPACITY = 1 << 30;
  private static final int VOLTAGES = 0xff8000;

  /** The smallest card that the card-specific data can describe: 4 blocks. */
  private static final int MINIMUM = 4 * BLOCK;

  /** States of the card (4.1). The number is that of the status register. */
  private enum State {
    IDLE,
    READY,
    IDENTIFICATION,
    STANDBY,
    TRANSFER,
    SENDING,
    RECEIVING,
    PROGRAMMING,
    DISCONNECTED
  }

  /**
   * What a command gave.
   *
   * @param words response: one word, four words for a long one, none for no answer
   */
  public record Response(int... words) {
    /** The card does not answer. */
    public static final Response NONE = new Response();
  }

  private final FileChannel image;
  private final long blocks;
  private final boolean highCapacity;

  /** Blocks before they were first written, and as they were last. */
  private final Map<Long, byte[]> originals = new HashMap<>();

  private final Map<Long, byte[]> written = new HashMap<>();
  private State state = State.IDLE;
  private int errors;
  private boolean application;
  private int rca;
  private int blockLength = BLOCK;
  private byte[] data = {};
  private int position;
  private long nextBlock;
  private boolean multiple;

  /**
   * Opens the image of a card.
   *
   * @param file image, a multiple of 512 bytes, at least 2048
   * @throws IOException when it cannot be opened for reading and writing or has another size
   */
  public SdCard(Path file) throws IOException {
    image = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    long size = image.size();
    if (size < MINIMUM || size % BLOCK != 0) {
      image.close();
      throw new IOException(
          file
              + ": an SD image of "
              + size
              + " bytes; give a multiple of 512, at least 2048 (truncate -s 64M FILE)");
    }
    blocks = size / BLOCK;
    highCapacity = size > STANDARD_LIMIT;
  }

  private int status() {
    return errors
        | state.ordinal() << 9
        | (state == State.SENDING || state == State.RECEIVING ? 0 : READY_FOR_DATA)
        | (application ? APP_COMMAND : 0);
  }

  private Response r1() {
    int status = status();
    errors = 0;
    return new Response(status);
  }

  /** The response to an application command, which says that it was taken as one (4.3.9.1). */
  private Response applicationR1() {
    return new Response(r1().words()[0] | APP_COMMAND);
  }

  private boolean isAddressed(int argument) {
    return argument >>> 16 == rca;
  }

  private Response illegal() {
    errors |= ILLEGAL_COMMAND;
    return Response.NONE;
  }

  /**
   * Carries out a command.
   *
   * @param number 0 to 63
   * @param argument its argument
   * @return the response; none if the card does not answer
   */
  public Response command(int number, int argument) {
    boolean app = application;
    application = false;
    if (app) {
      return applicationCommand(number, argument);
    }
    switch (number) {
      case 0 -> {
        state = State.IDLE;
        errors = 0;
        rca = 0;
        data = new byte[0];
        return Response.NONE;
      }
      case 2 -> {
        if (state != State.READY) {
          return illegal();
        }
        state = State.IDENTIFICATION;
        return new Response(cid());
      }
      case 3 -> {
        if (state != State.IDENTIFICATION && state != State.STANDBY) {
          return illegal();
        }
        rca = RCA;
        int short16 = status();
        state = State.STANDBY;
        return new Response(
            rca << 16 | short16 >>> 8 & 0xc000 | short16 >>> 6 & 0x2000 | short16 & 0x1fff);
      }
      case 7 -> {
        boolean selected = argument >>> 16 == rca && rca != 0;
        if (selected && state == State.STANDBY) {
          Response response = r1();
          state = State.TRANSFER;
          return response;
        }
        if (!selected && state != State.IDLE && state != State.READY) {
          state = State.STANDBY;
          return Response.NONE;
        }
        return selected && state == State.TRANSFER ? r1() : illegal();
      }
      case 8 -> {
        boolean suitable = (argument >>> 8 & 15) == 1; // 2.7 to 3.6 V
        return state != State.IDLE
            ? illegal()
            : suitable ? new Response(argument & 0xfff) : Response.NONE;
      }
      case 9 -> {
        if (!isAddressed(argument)) {
          return Response.NONE;
        }
        return state == State.STANDBY ? new Response(csd()) : illegal();
      }
      case 10 -> {
        if (!isAddressed(argument)) {
          return Response.NONE;
        }
        return state == State.STANDBY ? new Response(cid()) : illegal();
      }
      case 12 -> {
        if (state != State.SENDING && state != State.RECEIVING) {
          return illegal();
        }
        Response response = r1();
        state = State.TRANSFER;
        data = new byte[0];
        return response;
      }
      case 13 -> {
        return isAddressed(argument) ? r1() : Response.NONE;
      }
      case 16 -> {
        if (state != State.TRANSFER) {
          return illegal();
        }
        if (argument > 0 && argument <= BLOCK) {
          blockLength = argument;
        } else {
          errors |= BLOCK_LENGTH_ERROR;
        }
        return r1();
      }
      case 17, 18, 24, 25 -> {
        return state == State.TRANSFER ? transfer(number, argument) : illegal();
      }
      case 23 -> {
        return illegal();
      }
      case 55 -> {
        if (!isAddressed(argument)) {
          return Response.NONE;
        }
        application = true;
        return r1();
      }
      default -> {
        return illegal();
      }
    }
  }

  private Response applicationCommand(int number, int argument) {
    switch (number) {
      case 6, 13, 23, 42, 51 -> {
        if (state != State.TRANSFER) {
          return illegal();
        }
        Response response = applicationR1();
        if (number == 13) {
          send(new byte[64]);
        } else if (number == 51) {
          send(new byte[] {0x02, (byte) 0xa5, 0, 0, 0, 0, 0, 0});
        }
        return response;
      }
      case 41 -> {
        if (state != State.IDLE && state != State.READY) {
          return illegal();
        }
        if (highCapacity && (argument & HIGH_CAPACITY) == 0) {
          return new Response(VOLTAGES); // never ready for a host that does not know such cards
        }
        if ((argument & 0xffffff) != 0) {
          state = State.READY;
        }
        return new Response(POWERED_UP | VOLTAGES | (highCapacity ? HIGH_CAPACITY : 0));
      }
      default -> {
        application = false;
        return command(number, argument);
      }
    }
  }

  private void send(byte[] bytes) {
    data = bytes;
    position = 0;
    multiple = false;
    state = State.SENDING;
  }

  private Response transfer(int number, int argument) {
    long block =
        highCapacity ? Integer.toUnsignedLong(argument) : Integer.toUnsignedLong(argument) / BLOCK;
    if (!highCapacity && argument % BLOCK != 0) {
      errors |= ADDRESS_ERROR;
      return r1();
    }
    if (block >= blocks) {
      errors |= OUT_OF_RANGE;
      return r1();
    }
    multiple = number == 18 || number == 25;
    nextBlock = block;
    Response response = r1();
    position = 0;
    if (number <= 18) {
      state = State.SENDING;
      data = readBlock(nextBlock++);
    } else {
      state = State.RECEIVING;
      data = new byte[BLOCK];
    }
    return response;
  }

  private byte[] readBlock(long block) {
    byte[] bytes = new byte[BLOCK];
    try {
      ByteBuffer into = ByteBuffer.wrap(bytes);
      long at = block * BLOCK;
      while (into.hasRemaining() && image.read(into, at + into.position()) > 0) {
        // a read may be short
      }
    } catch (IOException e) {
      errors |= 1 << 19;
    }
    return bytes;
  }

  /** Returns whether the card has data for the host. */
  public boolean hasData() {
    return state == State.SENDING && position < data.length;
  }

  /** Returns the next byte that the card sends; 0 if it sends nothing. */
  public int read() {
    if (!hasData()) {
      return 0;
    }
    int value = data[position++] & 0xff;
    if (position == data.length) {
      if (!multiple) {
        state = State.TRANSFER;
      } else if (nextBlock < blocks) {
        data = readBlock(nextBlock++);
        position = 0;
      } else {
        errors |= OUT_OF_RANGE;
      }
    }
    return value;
  }

  /** Gives the card a byte of the block that it receives. */
  public void write(int value) {
    if (state != State.RECEIVING) {
      return;
    }
    if (!wantsData()) {
      errors |= OUT_OF_RANGE;
      return;
    }
    data[position++] = (byte) value;
    if (position < data.length) {
      return;
    }
    try {
      keepOriginal(nextBlock);
      image.write(ByteBuffer.wrap(data), nextBlock * BLOCK);
      written.put(nextBlock, data.clone());
    } catch (IOException e) {
      errors |= 1 << 19;
    }
    nextBlock++;
    position = 0;
    if (!multiple) {
      state = State.TRANSFER;
    }
  }

  private void keepOriginal(long block) throws IOException {
    if (originals.containsKey(block)) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
    image.read(bytes, block * BLOCK);
    originals.put(block, bytes.array());
  }

  /** Returns the blocks that have been written, with their content, for a snapshot. */
  public Map<Long, byte[]> writtenBlocks() {
    return Map.copyOf(written);
  }

  /** Puts the image back to what it was when {@link #writtenBlocks} gave these blocks. */
  public void putBack(Map<Long, byte[]> blocks) throws IOException {
    Set<Long> all = new TreeSet<>(written.keySet());
    all.addAll(blocks.keySet());
    for (long block : all) {
      keepOriginal(block);
      byte[] bytes = blocks.getOrDefault(block, originals.get(block));
      image.write(ByteBuffer.wrap(bytes), block * BLOCK);
    }
    written.clear();
    written.putAll(blocks);
  }

  /** Returns whether the card takes data from the host. */
  public boolean wantsData() {
    return state == State.RECEIVING && nextBlock < blocks;
  }

  private int[] cid() {
    return new int[] {0xaa435552, 0x494f5320, 0x01deadbe, 0xef008100};
  }

  /**
   * The card-specific data (5.3): version 1 for standard, version 2 for high capacity. The command
   * classes are those that the card has: basic, block read, block write, application.
   */
  private int[] csd() {
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

  @Override
  public void close() throws IOException {
    image.close();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(state.ordinal());
    out.writeInt(errors);
    out.writeBoolean(application);
    out.writeInt(rca);
    out.writeInt(blockLength);
    out.writeInt(data.length);
    out.write(data);
    out.writeInt(position);
    out.writeLong(nextBlock);
    out.writeBoolean(multiple);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    state = State.values()[in.readInt()];
    errors = in.readInt();
    application = in.readBoolean();
    rca = in.readInt();
    blockLength = in.readInt();
    data = new byte[in.readInt()];
    in.readFully(data);
    position = in.readInt();
    nextBlock = in.readLong();
    multiple = in.readBoolean();
  }
}
