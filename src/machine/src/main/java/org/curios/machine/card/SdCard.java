package org.curios.machine.card;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.curios.arm.bus.Stateful;

/**
 * An SD card in its slot: identification, and transfer of blocks of 512 bytes to and from a disk
 * (SD Physical Layer Simplified Specification 2.00, chapter 4). Cards over 2 GiB are high capacity
 * and are addressed by block.
 */
public final class SdCard implements Stateful {
  /** Bytes in a block. */
  public static final int BLOCK = Disk.BLOCK;

  private static final long STANDARD_LIMIT = 2L << 30;
  private static final int RCA = 0x4567;

  private static final int OUT_OF_RANGE = 1 << 31;
  private static final int ADDRESS_ERROR = 1 << 30;
  private static final int BLOCK_LENGTH_ERROR = 1 << 29;
  private static final int WRITE_PROTECT_VIOLATION = 1 << 26;
  private static final int ILLEGAL_COMMAND = 1 << 22;
  private static final int ERROR = 1 << 19;
  private static final int READY_FOR_DATA = 1 << 8;
  private static final int APP_COMMAND = 1 << 5;
  private static final int POWERED_UP = 1 << 31;
  private static final int HIGH_CAPACITY = 1 << 30;
  private static final int VOLTAGES = 0xff8000;
  private static final byte[] NOTHING = {};
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

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

  private final Disk disk;
  private final long blocks;
  private final boolean highCapacity;
  private final CardSlot slot;
  private State state = State.IDLE;
  private int errors;
  private boolean application;
  private int rca;
  private int blockLength = BLOCK;
  private byte[] data = NOTHING;
  private int position;
  private long nextBlock;
  private boolean multiple;

  /**
   * How the block that is being sent will fail, and the failure that the controller has yet to
   * notice.
   */
  private CardFault failing;

  private CardFault failed;

  /** Makes a card that is in the slot. */
  public SdCard(Disk disk) {
    this.disk = disk;
    slot = new CardSlot(disk);
    blocks = disk.blocks();
    highCapacity = blocks * BLOCK > STANDARD_LIMIT;
  }

  /** Returns what it holds. */
  public Disk disk() {
    return disk;
  }

  /** Returns its slot, with the state that a reset of the board does not change. */
  public CardSlot slot() {
    return slot;
  }

  /** Loses everything except the content, as a card without power does. */
  public void powerOff() {
    state = State.IDLE;
    errors = 0;
    application = false;
    rca = 0;
    blockLength = BLOCK;
    data = NOTHING;
    failing = null;
    failed = null;
    flush();
  }

  /** Returns how the transfer has just failed, once; null if it has not. */
  public CardFault takeFailure() {
    CardFault now = failed;
    failed = null;
    return now;
  }

  /** Forces writes to the host's medium, if they go to a file. */
  public void flush() {
    try {
      disk.flush();
    } catch (IOException e) {
      errors |= ERROR;
    }
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

  /**
   * The response to an application command, which confirms that it was recognised as one (4.3.9.1).
   */
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
   * Executes a command.
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
        powerOff();
        return Response.NONE;
      }
      case 2 -> {
        if (state != State.READY) {
          return illegal();
        }
        state = State.IDENTIFICATION;
        return new Response(CardRegisters.cid());
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
          flush();
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
        return state == State.STANDBY
            ? new Response(CardRegisters.csd(blocks, highCapacity))
            : illegal();
      }
      case 10 -> {
        if (!isAddressed(argument)) {
          return Response.NONE;
        }
        return state == State.STANDBY ? new Response(CardRegisters.cid()) : illegal();
      }
      case 12 -> {
        if (state != State.SENDING && state != State.RECEIVING) {
          return illegal();
        }
        Response response = r1();
        state = State.TRANSFER;
        data = NOTHING;
        failing = null;
        failed = null;
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
    failing = null;
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
    if (number >= 24 && disk.isWriteProtected()) {
      errors |= WRITE_PROTECT_VIOLATION;
      return r1();
    }
    multiple = number == 18 || number == 25;
    nextBlock = block;
    Response response = r1();
    position = 0;
    if (number <= 18) {
      state = State.SENDING;
      sendBlock();
    } else {
      state = State.RECEIVING;
      data = new byte[BLOCK];
    }
    return response;
  }

  private void sendBlock() {
    failing = slot.faults().take(false, nextBlock);
    if (failing == CardFault.TIMEOUT) {
      endBlock(CardFault.TIMEOUT);
      data = NOTHING;
      return;
    }
    try {
      data = disk.read(nextBlock);
    } catch (IOException e) {
      errors |= ERROR;
      data = new byte[BLOCK];
    }
    position = 0;
    nextBlock++;
  }

  /**
   * A block is complete, or never will be: without a stop from the host, only the first one is the
   * last.
   */
  private void endBlock(CardFault how) {
    failed = how;
    failing = null;
    if (!multiple) {
      state = State.TRANSFER;
    }
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
      endSent();
    }
    return value;
  }

  /** Returns how many words the card can send or accept at once, up to the end of the block. */
  public int wholeWords() {
    return hasData() || wantsData() ? (data.length - position) / 4 : 0;
  }

  /**
   * Returns the next four bytes that the card sends; {@link #wholeWords} tells whether there are
   * any.
   */
  public int readWord() {
    int word = (int) WORD.get(data, position);
    position += 4;
    if (position == data.length) {
      endSent();
    }
    return word;
  }

  private void endSent() {
    if (failing != null || !multiple) {
      endBlock(failing);
    } else if (nextBlock < blocks) {
      sendBlock();
    } else {
      errors |= OUT_OF_RANGE;
    }
  }

  /** Passes the card a byte of the block that it receives. */
  public void write(int value) {
    if (state != State.RECEIVING) {
      return;
    }
    if (!wantsData()) {
      errors |= nextBlock < blocks ? 0 : OUT_OF_RANGE;
      return;
    }
    data[position++] = (byte) value;
    if (position == data.length) {
      endReceived();
    }
  }

  /** Sends the card four bytes; {@link #wholeWords} tells whether it accepts them. */
  public void writeWord(int word) {
    WORD.set(data, position, word);
    position += 4;
    if (position == data.length) {
      endReceived();
    }
  }

  private void endReceived() {
    CardFault fault = slot.faults().take(true, nextBlock);
    if (fault != null) {
      data = NOTHING; // the card accepts no more until it is stopped
      endBlock(fault);
      return;
    }
    try {
      disk.write(nextBlock, data);
    } catch (IOException e) {
      errors |= ERROR;
    }
    nextBlock++;
    position = 0;
    if (!multiple) {
      state = State.TRANSFER;
    }
  }

  /** Returns whether the card accepts data from the host. */
  public boolean wantsData() {
    return state == State.RECEIVING && nextBlock < blocks && data.length != 0;
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
    CardFaults.save(failing, out);
    CardFaults.save(failed, out);
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
    failing = CardFaults.fault(in);
    failed = CardFaults.fault(in);
  }
}
