package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.machine.card.CardFault;
import org.curios.machine.card.SdCard;

/**
 * Multimedia card interface PL181 (ARM DDI 0205): commands to an SD card and a data path through a
 * FIFO of 16 words. The card is as fast as the host: data are available as soon as they are
 * requested.
 */
public final class Pl181 implements Device, Stateful {
  private static final int DATA_CRC_FAIL = 1 << 1;
  private static final int COMMAND_TIMEOUT = 1 << 2;
  private static final int DATA_TIMEOUT = 1 << 3;
  private static final int COMMAND_RESPONSE_END = 1 << 6;
  private static final int COMMAND_SENT = 1 << 7;
  private static final int DATA_END = 1 << 8;
  private static final int DATA_BLOCK_END = 1 << 10;
  private static final int TX_ACTIVE = 1 << 12;
  private static final int RX_ACTIVE = 1 << 13;
  private static final int TX_HALF_EMPTY = 1 << 14;
  private static final int RX_HALF_FULL = 1 << 15;
  private static final int RX_FULL = 1 << 17;
  private static final int TX_EMPTY = 1 << 18;
  private static final int RX_EMPTY = 1 << 19;
  private static final int RX_AVAILABLE = 1 << 21;
  private static final int STATIC = 0x7ff;

  private static final int UNKNOWN = -1;
  private static final int POWERED = 3;
  private static final int FIFO_WORDS = 16;
  private static final PrimeCellId ID = new PrimeCellId(0x81, 0x11, 0x04, 0x00);

  private final InterruptLine[] lines;
  private final SdCard card;
  private int power;
  private int clockControl;
  private int argument;
  private int command;
  private final int[] response = new int[4];
  private int respondedTo;
  private int dataTimer;
  private int dataLength;
  private int dataControl;
  private int dataLeft;

  /** Whether the data path is enabled and has not ended yet. */
  private boolean armed;

  /** Whether data are being transferred. */
  private boolean active;

  /** Whether the card has answered a data command but neither sends nor accepts data. */
  private boolean refused;

  private int status;
  private final int[] mask = new int[2];

  /** Last levels of the interrupts: 0, 1, or {@link #UNKNOWN}. */
  private final int[] levels = {UNKNOWN, UNKNOWN};

  /**
   * Makes a controller in its reset state.
   *
   * @param card the card of the slot, or null if it never has one; its state is not part of this
   * @param lines the two interrupts
   */
  public Pl181(SdCard card, InterruptLine... lines) {
    this.card = card;
    this.lines = lines.clone();
  }

  private int status() {
    int now = status;
    boolean reads = (dataControl & 2) != 0;
    if (active && reads) {
      int words = (dataLeft + 3) / 4;
      now |= RX_ACTIVE | (words > 0 ? RX_AVAILABLE : RX_EMPTY);
      now |= words >= FIFO_WORDS / 2 ? RX_HALF_FULL : 0;
      now |= words >= FIFO_WORDS ? RX_FULL : 0;
    } else if (active) {
      now |= TX_ACTIVE | TX_HALF_EMPTY | TX_EMPTY;
    }
    return now; // a FIFO that is not enabled has no flags (2.2.5)
  }

  private void update() {
    int now = status();
    for (int i = 0; i < lines.length; i++) {
      int level = (now & mask[i]) != 0 ? 1 : 0;
      if (levels[i] != level) { // most words of a block change none
        levels[i] = level;
        lines[i].set(level == 1);
      }
    }
  }

  private boolean hasCard() {
    return card != null && card.slot().isInserted();
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    if (offset >= 0x80 && offset < 0xc0) {
      return readFifo();
    }
    return switch (offset) {
      case 0x00 -> power;
      case 0x04 -> clockControl;
      case 0x08 -> argument;
      case 0x0c -> command;
      case 0x10 -> respondedTo;
      case 0x14, 0x18, 0x1c, 0x20 -> response[(offset - 0x14) / 4];
      case 0x24 -> dataTimer;
      case 0x28 -> dataLength;
      case 0x2c -> dataControl;
      case 0x30 -> dataLeft;
      case 0x34 -> status();
      case 0x3c -> mask[0];
      case 0x40 -> mask[1];
      case 0x48 -> fifoCount();
      default -> 0;
    };
  }

  /**
   * Words still to be transferred between the card and the FIFO (3.2.15): in a read, the next
   * sixteen already have been.
   */
  private int fifoCount() {
    int words = (dataLeft + 3) / 4;
    return active && (dataControl & 2) != 0 ? Math.max(0, words - FIFO_WORDS) : words;
  }

  @Override
  public void write(int offset, int value, int size) {
    if (offset >= 0x80 && offset < 0xc0) {
      writeFifo(value);
      update();
      return;
    }
    switch (offset) {
      case 0x00 -> {
        if ((power & POWERED) != 0 && (value & POWERED) == 0 && hasCard()) {
          card.flush();
        }
        power = value & 0xff;
      }
      case 0x04 -> clockControl = value & 0xfff;
      case 0x08 -> argument = value;
      case 0x0c -> {
        command = value & 0x7ff;
        if ((value & 1 << 10) != 0) {
          send();
          command &= ~(1 << 10);
        }
      }
      case 0x24 -> dataTimer = value;
      case 0x28 -> dataLength = value & 0xffff;
      case 0x2c -> {
        dataControl = value & 0xff;
        armed = (value & 1) != 0;
        active = false;
        if (armed) {
          dataLeft = dataLength;
          start();
        }
      }
      case 0x38 -> status &= ~(value & STATIC);
      case 0x3c -> mask[0] = value;
      case 0x40 -> mask[1] = value;
      default -> {} // read only
    }
    update();
  }

  private void send() {
    boolean waits = (command & 1 << 6) != 0;
    boolean isLong = (command & 1 << 7) != 0;
    SdCard.Response answer =
        hasCard() ? card.command(command & 63, argument) : SdCard.Response.NONE;
    int[] words = answer.words();
    if (!waits) {
      status |= COMMAND_SENT;
    } else if (words.length == 0 || isLong && words.length != 4) {
      status |= COMMAND_TIMEOUT;
    } else {
      respondedTo =
          isLong ? 63 : command & 63; // a long response has ones in the place of the command
      System.arraycopy(words, 0, response, 0, words.length);
      status |= COMMAND_RESPONSE_END;
    }
    refused = isForData(command & 63) && hasCard() && !card.hasData() && !card.wantsData();
    start();
  }

  private static boolean isForData(int number) {
    return number == 17 || number == 18 || number == 24 || number == 25;
  }

  /** Starts or continues the data path if both sides are ready. */
  private void start() {
    if (!armed || dataLeft == 0) {
      return;
    }
    if (!hasCard() || refused) {
      refused = false;
      end(DATA_TIMEOUT);
    } else {
      active = cardGoesOn();
    }
  }

  private boolean cardGoesOn() {
    return (dataControl & 2) != 0 ? card.hasData() : card.wantsData();
  }

  private void end(int flags) {
    armed = false;
    active = false;
    status |= flags;
    if (card != null) {
      card.takeFailure(); // it has been noticed, or will never be
    }
  }

  private int readFifo() {
    if (!active || (dataControl & 2) == 0) {
      return 0;
    }
    int word = 0;
    if (dataLeft >= 4 && card.wholeWords() > 0) {
      word = card.readWord();
      dataLeft -= 4;
    } else {
      for (int i = 0; i < 4 && dataLeft > 0; i++, dataLeft--) {
        word |= card.read() << 8 * i;
      }
    }
    finishIfDone();
    update();
    return word;
  }

  private void writeFifo(int word) {
    if (!active || (dataControl & 2) != 0) {
      return;
    }
    if (dataLeft >= 4 && card.wholeWords() > 0) {
      card.writeWord(word);
      dataLeft -= 4;
    } else {
      for (int i = 0; i < 4 && dataLeft > 0; i++, dataLeft--) {
        card.write(word >>> 8 * i & 0xff);
      }
    }
    finishIfDone();
  }

  private void finishIfDone() {
    CardFault failure = card.takeFailure();
    if (failure != null) {
      end(failure == CardFault.CRC ? DATA_CRC_FAIL : DATA_TIMEOUT);
    } else if (dataLeft == 0) {
      end(DATA_END | DATA_BLOCK_END);
    } else if (!cardGoesOn()) {
      end(DATA_TIMEOUT);
    }
  }

  /** Removes the card from the slot, or inserts it: it loses power and restarts. */
  public void setInserted(boolean inserted) {
    card.slot().setInserted(inserted);
    card.powerOff();
    if (active) {
      end(DATA_TIMEOUT);
    }
    update();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v :
        new int[] {
          power,
          clockControl,
          argument,
          command,
          respondedTo,
          dataTimer,
          dataLength,
          dataControl,
          dataLeft,
          status,
          mask[0],
          mask[1],
          response[0],
          response[1],
          response[2],
          response[3]
        }) {
      out.writeInt(v);
    }
    out.writeBoolean(armed);
    out.writeBoolean(active);
    out.writeBoolean(refused);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    power = in.readInt();
    clockControl = in.readInt();
    argument = in.readInt();
    command = in.readInt();
    respondedTo = in.readInt();
    dataTimer = in.readInt();
    dataLength = in.readInt();
    dataControl = in.readInt();
    dataLeft = in.readInt();
    status = in.readInt();
    mask[0] = in.readInt();
    mask[1] = in.readInt();
    for (int i = 0; i < 4; i++) {
      response[i] = in.readInt();
    }
    armed = in.readBoolean();
    active = in.readBoolean();
    refused = in.readBoolean();
    Arrays.fill(levels, UNKNOWN);
    update();
  }
}
