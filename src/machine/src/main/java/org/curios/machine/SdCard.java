package org.curios.machine;

import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.curios.arm.Stateful;

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
  private static final int ILLEGAL_COMMAND = 1 << 22;
  private static final int READY_FOR_DATA = 1 << 8;
  private static final int APP_COMMAND = 1 << 5;

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
    static final Response NONE = new Response();
  }

  private final FileChannel image;
  private final long blocks;
  private final boolean highCapacity;
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
   * @param file image, a multiple of 512 bytes
   * @throws IOException when it cannot be opened for reading and writing or has another size
   */
  public SdCard(Path file) throws IOException {
    image = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    long size = image.size();
    if (size == 0 || size % BLOCK != 0) {
      image.close();
      throw new IOException(
          file
              + ": an SD image of "
              + size
              + " bytes; give a multiple of 512 (truncate -s 64M FILE)");
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
        return state == State.IDLE ? new Response(argument & 0xfff) : illegal();
      }
      case 9 -> {
        return state == State.STANDBY ? new Response(csd()) : illegal();
      }
      case 10 -> {
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
        return r1();
      }
      case 16 -> {
        if (state != State.TRANSFER) {
          return illegal();
        }
        blockLength = argument > 0 && argument <= BLOCK ? argument : blockLength;
        return r1();
      }
      case 17, 18, 24, 25 -> {
        return state == State.TRANSFER ? transfer(number, argument) : illegal();
      }
      case 23 -> {
        return illegal();
      }
      case 55 -> {
        if (argument >>> 16 != rca) {
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
      case 6 -> {
        return r1();
      }
      case 13 -> {
        send(new byte[64]);
        return r1();
      }
      case 23, 42 -> {
        return r1();
      }
      case 41 -> {
        if (state != State.IDLE && state != State.READY) {
          return illegal();
        }
        if ((argument & 0xffffff) != 0) {
          state = State.READY;
        }
        return new Response(0x80ff8000 | (highCapacity ? 1 << 30 : 0));
      }
      case 51 -> {
        Response response = r1();
        send(new byte[] {0x02, (byte) 0xa5, 0, 0, 0, 0, 0, 0});
        return response;
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
    data[position++] = (byte) value;
    if (position < data.length) {
      return;
    }
    try {
      image.write(ByteBuffer.wrap(data), nextBlock * BLOCK);
    } catch (IOException e) {
      errors |= 1 << 19;
    }
    nextBlock++;
    position = 0;
    if (!multiple) {
      state = State.TRANSFER;
    } else if (nextBlock == blocks) {
      errors |= OUT_OF_RANGE;
      state = State.TRANSFER;
    }
  }

  /** Returns whether the card takes data from the host. */
  public boolean wantsData() {
    return state == State.RECEIVING;
  }

  private int[] cid() {
    return new int[] {0xaa435552, 0x494f5301, 0xdeadbeef, 0x00812100};
  }

  /** The card-specific data (5.3): version 1 for standard, version 2 for high capacity. */
  private int[] csd() {
    if (highCapacity) {
      long size = blocks / 1024 - 1;
      return new int[] {
        0x400e0032, 0x5b590000 | (int) (size >>> 16) & 0x3f, (int) (size << 16) | 0x7f80, 0x0a404000
      };
    }
    int multiplier = 0;
    while (blocks >> multiplier + 2 > 4096 && multiplier < 7) {
      multiplier++;
    }
    int size = (int) (blocks >> multiplier + 2) - 1;
    return new int[] {
      0x00260032,
      0x5f590000 | size >>> 2 & 0x3ff,
      (size & 3) << 30 | 0xb6d << 18 | multiplier << 15 | 0x7f80,
      0x0a400000
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
