package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * An idle PS/2 mouse. Like mice with a wheel, and with five buttons, it changes its identity when a
 * host sets the sample rates 200, 100, 80, and 200, 200, 80.
 */
public final class Mouse extends Ps2Device {
  private static final int PLAIN = 0;
  private static final int WHEEL = 3;
  private static final int EXPLORER = 4;

  private int identity;
  private int rate = 100;
  private int ratesBefore;
  private int resolution = 2;
  private boolean reporting;
  private boolean remote;
  private boolean doubled;
  private boolean wraps;

  @Override
  void command(int command) {
    if (wraps && command != 0xff && command != 0xec) {
      answer(command);
      return;
    }
    switch (command) {
      case 0xff -> {
        defaults();
        identity = PLAIN;
        answer(ACK, TEST_PASSED, PLAIN);
      }
      case 0xf6 -> {
        defaults();
        answer(ACK);
      }
      case 0xf5, 0xf4 -> {
        reporting = command == 0xf4;
        answer(ACK);
      }
      case 0xf3, 0xe8 -> awaitArgument(command);
      case 0xf2 -> answer(ACK, identity);
      case 0xf0, 0xea -> {
        remote = command == 0xf0;
        answer(ACK);
      }
      case 0xee, 0xec -> {
        wraps = command == 0xee;
        answer(ACK);
      }
      case 0xeb -> { // read data: nothing has moved
        answer(ACK, 0x08, 0, 0);
        if (identity != PLAIN) {
          answer(0);
        }
      }
      case 0xe9 ->
          answer(
              ACK,
              (remote ? 1 << 6 : 0) | (reporting ? 1 << 5 : 0) | (doubled ? 1 << 4 : 0),
              resolution,
              rate);
      case 0xe7, 0xe6 -> {
        doubled = command == 0xe7;
        answer(ACK);
      }
      default -> answer(RESEND);
    }
  }

  private void defaults() {
    rate = 100;
    ratesBefore = 0;
    resolution = 2;
    reporting = false;
    remote = false;
    doubled = false;
    wraps = false;
  }

  @Override
  void argument(int command, int value) {
    answer(ACK);
    if (command == 0xe8) {
      resolution = value & 3;
      return;
    }
    rate = value;
    ratesBefore = ratesBefore << 8 & 0xffffff | value;
    if (ratesBefore == (200 << 16 | 100 << 8 | 80)) {
      identity = WHEEL;
    } else if (ratesBefore == (200 << 16 | 200 << 8 | 80) && identity != PLAIN) {
      identity = EXPLORER;
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    super.save(out);
    for (int v : new int[] {identity, rate, ratesBefore, resolution}) {
      out.writeInt(v);
    }
    for (boolean v : new boolean[] {reporting, remote, doubled, wraps}) {
      out.writeBoolean(v);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    super.restore(in);
    identity = in.readInt();
    rate = in.readInt();
    ratesBefore = in.readInt();
    resolution = in.readInt();
    reporting = in.readBoolean();
    remote = in.readBoolean();
    doubled = in.readBoolean();
    wraps = in.readBoolean();
  }
}
