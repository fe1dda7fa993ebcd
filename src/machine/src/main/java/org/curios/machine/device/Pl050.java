package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;

/**
 * Keyboard and mouse interface PL050 (ARM DDI 0143): bytes to and from a PS/2 device, transferred
 * at once.
 */
public final class Pl050 implements Device, Stateful {
  private static final int CR = 0x00;
  private static final int STAT = 0x04;
  private static final int DATA = 0x08;
  private static final int CLKDIV = 0x0c;
  private static final int IR = 0x10;

  private static final int ENABLE = 1 << 2;
  private static final int TX_INTERRUPT = 1 << 3;
  private static final int RX_INTERRUPT = 1 << 4;

  private static final int LINES_HIGH = 3;
  private static final int RX_PARITY = 1 << 2;
  private static final int RX_FULL = 1 << 4;
  private static final int TX_EMPTY = 1 << 6;

  private static final PrimeCellId ID = new PrimeCellId(0x50, 0x10, 0x04, 0x00);

  private final InterruptLine line;
  private final Ps2Device device;
  private int control;
  private int divisor;
  private int last;

  /**
   * Makes an interface in its reset state.
   *
   * @param device the connected device
   */
  public Pl050(InterruptLine line, Ps2Device device) {
    this.line = line;
    this.device = device;
  }

  private boolean received() {
    return (control & ENABLE) != 0 && device.hasByte();
  }

  private int interrupts() {
    boolean enabled = (control & ENABLE) != 0;
    return (received() && (control & RX_INTERRUPT) != 0 ? 1 : 0)
        | (enabled && (control & TX_INTERRUPT) != 0 ? 2 : 0);
  }

  private void update() {
    line.set(interrupts() != 0);
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    return switch (offset) {
      case CR -> control;
      case STAT ->
          TX_EMPTY
              | LINES_HIGH
              | (received() ? RX_FULL : 0)
              | ((Integer.bitCount(last) & 1) == 0 ? RX_PARITY : 0);
      case DATA -> take();
      case CLKDIV -> divisor;
      case IR -> interrupts();
      default -> 0;
    };
  }

  private int take() {
    if (received()) {
      last = device.read();
      update();
    }
    return last;
  }

  @Override
  public void write(int offset, int value, int size) {
    switch (offset) {
      case CR -> control = value & 0x3f;
      case DATA -> {
        if ((control & ENABLE) != 0) {
          device.write(value & 0xff);
        }
      }
      case CLKDIV -> divisor = value & 0xf;
      default -> {} // read only
    }
    update();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeByte(control);
    out.writeByte(divisor);
    out.writeByte(last);
    device.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    control = in.readUnsignedByte();
    divisor = in.readUnsignedByte();
    last = in.readUnsignedByte();
    device.restore(in);
    update();
  }
}
