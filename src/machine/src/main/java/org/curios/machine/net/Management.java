package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;

/**
 * The serial management interface of a PHY, MDC and MDIO (IEEE 802.3, 22.2.4.5): software moves the
 * wires bit by bit. A frame is 01, the operation, the addresses of PHY and register, a turnaround
 * of two bits, and 16 bits of data; each bit is sampled at a rising edge of the clock.
 */
final class Management implements Stateful {
  private static final int ADDRESS_BITS = 14;
  private static final int FRAME_BITS = 32;
  private static final int READ = 0b10;
  private static final int WRITE = 0b01;

  private final Lan83c183 phy;
  private boolean clock;

  /** Bits of the current frame that have passed; 0 between frames. */
  private int count;

  /** The bits that the host has sent, the last one lowest. */
  private int sent = -1;

  /** What the PHY answers with, its next bit highest. */
  private int answer;

  private boolean answers;

  Management(Lan83c183 phy) {
    this.phy = phy;
  }

  /** Returns the level of the data wire as the host sees it: low while no PHY drives it (4). */
  boolean data() {
    return answers && count > ADDRESS_BITS && (answer & 1 << FRAME_BITS - 1 - count) != 0;
  }

  /**
   * Moves the wires.
   *
   * @param level of the clock
   * @param bit of the data wire
   */
  void move(boolean level, boolean bit) {
    boolean rises = level && !clock;
    clock = level;
    if (rises) {
      take(bit ? 1 : 0);
    }
  }

  private void take(int bit) {
    sent = sent << 1 | bit;
    if (count == 0) {
      // A frame begins with 0 and 1, after a preamble of at least one 1.
      count = (sent & 7) == 0b101 ? 2 : 0;
      return;
    }
    count++;
    if (count == ADDRESS_BITS) {
      addressed();
    } else if (count == FRAME_BITS) {
      ended();
    }
  }

  private int operation() {
    return sent >>> count - 4 & 3;
  }

  private int device() {
    return sent >>> count - 9 & 31;
  }

  private int register() {
    return sent >>> count - ADDRESS_BITS & 31;
  }

  private void addressed() {
    answers = operation() == READ && device() == 0;
    if (answers) {
      answer = phy.read(register()); // after a turnaround of which the second bit is 0
    }
  }

  private void ended() {
    if (operation() == WRITE && device() == 0) {
      phy.write(register(), sent & 0xffff);
    }
    count = 0;
    sent = -1;
    answers = false;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeBoolean(clock);
    out.writeByte(count);
    out.writeInt(sent);
    out.writeInt(answer);
    out.writeBoolean(answers);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    clock = in.readBoolean();
    count = in.readUnsignedByte();
    sent = in.readInt();
    answer = in.readInt();
    answers = in.readBoolean();
  }
}
