package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.Stateful;

/**
 * Serial bus interface of the VersatilePB (ARM DUI 0224, 4.19): two lines, SCL and SDA, that
 * software moves bit by bit. A line is low if any device pulls it.
 */
public final class SerialBus implements Device, Stateful {
  private static final int READ_OR_SET = 0x00;
  private static final int CLEAR = 0x04;
  private static final int SCL = 1;
  private static final int SDA = 2;

  private final I2cTarget target;
  private int driven = SCL | SDA;

  /** Makes a bus with both lines high. */
  public SerialBus(I2cTarget target) {
    this.target = target;
  }

  @Override
  public int read(int offset, int size) {
    return offset == READ_OR_SET ? driven & (target.pullsData() ? ~SDA : -1) : 0;
  }

  @Override
  public void write(int offset, int value, int size) {
    switch (offset) {
      case READ_OR_SET -> driven |= value & (SCL | SDA);
      case CLEAR -> driven &= ~value;
      default -> {} // nothing there
    }
    target.lines((driven & SCL) != 0, (driven & SDA) != 0);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeByte(driven);
    target.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    driven = in.readUnsignedByte();
    target.restore(in);
  }
}
