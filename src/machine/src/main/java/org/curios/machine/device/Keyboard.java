package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** An idle AT keyboard: it identifies itself and accepts every command. */
public final class Keyboard extends Ps2Device {
  private int scanCodes = 2;

  @Override
  void command(int command) {
    switch (command) {
      case 0xff -> { // reset
        scanCodes = 2;
        answer(ACK, TEST_PASSED);
      }
      case 0xee -> answer(0xee); // echo
      case 0xf2 -> answer(ACK, 0xab, 0x83); // identify
      case 0xed, 0xf0, 0xf3, 0xfb, 0xfc, 0xfd -> awaitArgument(command);
      case 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa -> answer(ACK);
      default -> answer(RESEND);
    }
  }

  @Override
  void argument(int command, int value) {
    if (command != 0xf0) {
      answer(ACK);
    } else if (value == 0) {
      answer(ACK, scanCodes);
    } else if (value <= 3) {
      scanCodes = value;
      answer(ACK);
    } else {
      answer(RESEND);
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    super.save(out);
    out.writeByte(scanCodes);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    super.restore(in);
    scanCodes = in.readUnsignedByte();
  }
}
