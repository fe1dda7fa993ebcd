package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;

/**
 * A device on an I2C bus (UM10204), at the level of the data line: start and stop, and while it is
 * addressed, bytes of eight bits with an acknowledgement.
 */
public abstract class I2cTarget implements Stateful {
  /** The current meaning of the bits on the bus. */
  private enum Phase {
    IDLE,
    ADDRESS,
    RECEIVING,
    SENDING
  }

  private static final int BITS = 8;

  private final int address;
  private Phase phase = Phase.IDLE;
  private boolean clock = true;
  private boolean data = true;
  private boolean pulls;
  private int shift;

  /** The byte that the device sends. */
  private int sent;

  /** Bits of the byte that have been clocked, 9 with the acknowledgement. */
  private int bits;

  /**
   * Makes a device that is not addressed.
   *
   * @param address of seven bits
   */
  I2cTarget(int address) {
    this.address = address;
  }

  /** The device is addressed: a transfer begins. */
  abstract void begin(boolean writes);

  /** A transfer has ended, if there was one. */
  abstract void end();

  /** Takes a byte from the host. */
  abstract void receive(int value);

  /** Returns the next byte for the host. */
  abstract int send();

  /** Returns whether the device holds the data line low. */
  public final boolean pullsData() {
    return pulls;
  }

  /** Follows the lines as the host drives them. */
  public final void lines(boolean newClock, boolean newData) {
    if (clock && newClock && data != newData) {
      end();
      pulls = false;
      bits = 0;
      shift = 0;
      phase = newData ? Phase.IDLE : Phase.ADDRESS; // a stop, or a start
    } else if (!clock && newClock) {
      rise(newData);
    } else if (clock && !newClock) {
      fall();
    }
    clock = newClock;
    data = newData;
  }

  private void rise(boolean bit) {
    if (phase == Phase.IDLE) {
      return;
    }
    if (bits < BITS) {
      shift = shift << 1 & 0xff | (bit ? 1 : 0);
    } else if (phase == Phase.SENDING && bit) {
      phase = Phase.IDLE; // the host reads no further byte
    }
    bits++;
  }

  private void fall() {
    pulls = false;
    switch (phase) {
      case IDLE -> {}
      case ADDRESS -> {
        if (bits == BITS) {
          if (shift >>> 1 == address) {
            pulls = true;
          } else {
            phase = Phase.IDLE;
          }
        } else if (bits > BITS) {
          boolean reads = (shift & 1) != 0;
          begin(!reads);
          nextByte(reads ? Phase.SENDING : Phase.RECEIVING);
        }
      }
      case RECEIVING -> {
        if (bits == BITS) {
          receive(shift);
          pulls = true;
        } else if (bits > BITS) {
          nextByte(phase);
        }
      }
      case SENDING -> {
        if (bits > BITS) {
          nextByte(phase);
        } else if (bits < BITS) {
          pulls = (sent >>> 7 - bits & 1) == 0;
        }
      }
    }
  }

  private void nextByte(Phase next) {
    phase = next;
    bits = 0;
    if (phase == Phase.SENDING) {
      sent = send();
      pulls = (sent >>> 7 & 1) == 0;
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeByte(phase.ordinal());
    out.writeBoolean(clock);
    out.writeBoolean(data);
    out.writeBoolean(pulls);
    out.writeByte(shift);
    out.writeByte(sent);
    out.writeByte(bits);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    phase = Phase.values()[in.readUnsignedByte()];
    clock = in.readBoolean();
    data = in.readBoolean();
    pulls = in.readBoolean();
    shift = in.readUnsignedByte();
    sent = in.readUnsignedByte();
    bits = in.readUnsignedByte();
  }
}
