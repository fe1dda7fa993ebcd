package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;

/**
 * Synchronous serial port PL022 (ARM DDI 0194) with nothing connected: each frame sent receives
 * zeros at once, or itself in loopback mode.
 */
public final class Pl022 implements Device, Stateful {
  private static final int CR0 = 0x00;
  private static final int CR1 = 0x04;
  private static final int DR = 0x08;
  private static final int SR = 0x0c;
  private static final int CPSR = 0x10;
  private static final int IMSC = 0x14;
  private static final int RIS = 0x18;
  private static final int MIS = 0x1c;
  private static final int ICR = 0x20;
  private static final int DMACR = 0x24;

  private static final int LOOPBACK = 1;
  private static final int ENABLE = 1 << 1;
  private static final int SLAVE = 1 << 2;

  private static final int TX_EMPTY = 1;
  private static final int TX_NOT_FULL = 1 << 1;
  private static final int RX_NOT_EMPTY = 1 << 2;
  private static final int RX_FULL = 1 << 3;

  private static final int INT_OVERRUN = 1;
  private static final int INT_TIMEOUT = 1 << 1;
  private static final int INT_RX = 1 << 2;
  private static final int INT_TX = 1 << 3;

  private static final int FIFO = 8;
  private static final PrimeCellId ID = new PrimeCellId(0x22, 0x10, 0x04, 0x00);

  private final InterruptLine line;
  private final int[] transmit = new int[FIFO];
  private final int[] receive = new int[FIFO];
  private int transmits;
  private int receives;
  private int control0;
  private int control1;
  private int prescale;
  private int mask;
  private int dma;
  private int latched;

  /** Makes a port in its reset state. */
  public Pl022(InterruptLine line) {
    this.line = line;
  }

  /** A master sends its data; a slave would wait for a clock that never comes. */
  private void send() {
    if ((control1 & ENABLE) == 0 || (control1 & SLAVE) != 0) {
      return;
    }
    int frame = (2 << (control0 & 15)) - 1;
    for (int i = 0; i < transmits; i++) {
      if (receives == FIFO) {
        latched |= INT_OVERRUN;
      } else {
        receive[receives++] = (control1 & LOOPBACK) != 0 ? transmit[i] & frame : 0;
        latched |= INT_TIMEOUT; // the line is idle from now on
      }
    }
    transmits = 0;
  }

  private int take() {
    if (receives == 0) {
      return 0;
    }
    int frame = receive[0];
    System.arraycopy(receive, 1, receive, 0, --receives);
    if (receives == 0) {
      latched &= ~INT_TIMEOUT;
    }
    update();
    return frame;
  }

  private int raw() {
    return latched | (receives >= FIFO / 2 ? INT_RX : 0) | (transmits <= FIFO / 2 ? INT_TX : 0);
  }

  private void update() {
    line.set((raw() & mask) != 0);
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    return switch (offset) {
      case CR0 -> control0;
      case CR1 -> control1;
      case DR -> take();
      case SR ->
          (transmits == 0 ? TX_EMPTY : 0)
              | (transmits < FIFO ? TX_NOT_FULL : 0)
              | (receives > 0 ? RX_NOT_EMPTY : 0)
              | (receives == FIFO ? RX_FULL : 0);
      case CPSR -> prescale;
      case IMSC -> mask;
      case RIS -> raw();
      case MIS -> raw() & mask;
      case DMACR -> dma;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int value, int size) {
    switch (offset) {
      case CR0 -> control0 = value & 0xffff;
      case CR1 -> control1 = value & 0xf;
      case DR -> {
        if (transmits < FIFO) {
          transmit[transmits++] = value & 0xffff;
        }
      }
      case CPSR -> prescale = value & 0xfe;
      case IMSC -> mask = value & 0xf;
      case ICR -> latched &= ~(value & (INT_OVERRUN | INT_TIMEOUT));
      case DMACR -> dma = value & 3;
      default -> {} // read only
    }
    send();
    update();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int i = 0; i < FIFO; i++) {
      out.writeInt(transmit[i]);
      out.writeInt(receive[i]);
    }
    for (int v :
        new int[] {transmits, receives, control0, control1, prescale, mask, dma, latched}) {
      out.writeInt(v);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (int i = 0; i < FIFO; i++) {
      transmit[i] = in.readInt();
      receive[i] = in.readInt();
    }
    transmits = in.readInt();
    receives = in.readInt();
    control0 = in.readInt();
    control1 = in.readInt();
    prescale = in.readInt();
    mask = in.readInt();
    dma = in.readInt();
    latched = in.readInt();
    update();
  }
}
