package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import org.curios.arm.bus.Stateful;

/**
 * A device with a PS/2 plug: accepts commands, most of which it acknowledges, and answers through a
 * queue of 16 bytes.
 */
public abstract class Ps2Device implements Stateful {
  static final int ACK = 0xfa;
  static final int RESEND = 0xfe;
  static final int TEST_PASSED = 0xaa;

  private static final int QUEUE = 16;
  private static final int NONE = -1;

  private final ArrayDeque<Integer> queue = new ArrayDeque<>();
  private int last;

  /** Command that waits for its argument, or {@link #NONE}. */
  private int pending = NONE;

  /** Returns whether there is a byte for the host. */
  public final boolean hasByte() {
    return !queue.isEmpty();
  }

  /** Returns the next byte for the host. */
  public final int read() {
    last = queue.remove();
    return last;
  }

  /** Handles a byte from the host. */
  public final void write(int value) {
    if (pending != NONE) {
      int command = pending;
      pending = NONE;
      queue.clear();
      argument(command, value);
    } else if (value == RESEND) {
      answer(last);
    } else {
      queue.clear(); // a command cancels what the device was about to send
      command(value);
    }
  }

  /** Executes a command, including its responses. */
  abstract void command(int command);

  /** Executes a command with its argument. */
  abstract void argument(int command, int value);

  /** Acknowledges a command whose argument is the next byte. */
  final void awaitArgument(int command) {
    answer(ACK);
    pending = command;
  }

  /** Queues bytes for the host; what does not fit is lost. */
  final void answer(int... bytes) {
    for (int b : bytes) {
      if (queue.size() < QUEUE) {
        queue.add(b);
      }
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeByte(queue.size());
    for (int b : queue) {
      out.writeByte(b);
    }
    out.writeByte(last);
    out.writeShort(pending);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    queue.clear();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      queue.add(in.readUnsignedByte());
    }
    last = in.readUnsignedByte();
    pending = in.readShort();
  }
}
