package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;

/**
 * PrimeCell UART PL011 (ARM DDI 0183): transmits at once, receives into a FIFO of 16 characters.
 */
public final class Pl011 implements Device, Stateful {
  private static final int FIFO = 16;

  private static final int DR = 0x00;
  private static final int RSR = 0x04;
  private static final int FR = 0x18;
  private static final int ILPR = 0x20;
  private static final int IBRD = 0x24;
  private static final int FBRD = 0x28;
  private static final int LCR_H = 0x2c;
  private static final int CR = 0x30;
  private static final int IFLS = 0x34;
  private static final int IMSC = 0x38;
  private static final int RIS = 0x3c;
  private static final int MIS = 0x40;
  private static final int ICR = 0x44;
  private static final int DMACR = 0x48;

  private static final int FLAG_TX_EMPTY = 1 << 7;
  private static final int FLAG_RX_FULL = 1 << 6;
  private static final int FLAG_RX_EMPTY = 1 << 4;

  private static final int INT_RX = 1 << 4;
  private static final int INT_TX = 1 << 5;
  private static final int INT_TIMEOUT = 1 << 6;
  private static final int INT_BREAK = 1 << 9;
  private static final int INT_OVERRUN = 1 << 10;
  private static final int INT_ALL = 0x7ff;

  private static final int ERROR_BREAK = 1 << 2;
  private static final int ERROR_OVERRUN = 1 << 3;

  /** Framing, parity and break errors come with their character, and go to RSR as it is read. */
  private static final int ERRORS_OF_CHARACTER = 7;

  /** Place of the errors in DR. */
  private static final int DR_ERRORS = 8;

  private static final int CR_LOOPBACK = 1 << 7;
  private static final int LCR_FIFO = 1 << 4;
  private static final int LCR_BREAK = 1;

  /**
   * 32 bit times at 115200 baud: silence after which waiting characters interrupt (ARM DDI 0183,
   * 2.8.4).
   */
  private static final long TIMEOUT = VirtualClock.HZ * 32 / 115200;

  private static final PrimeCellId ID = new PrimeCellId(0x11, 0x10, 0x14, 0x00);

  /** Receives the characters that the guest sends. */
  @FunctionalInterface
  public interface Output {
    /** Sends a character, 0 to 255. */
    void put(int character);
  }

  private final VirtualClock clock;
  private final InterruptLine line;
  private final Output output;
  private final TimedEvent timeout =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          if (count > 0) {
            raw |= INT_TIMEOUT;
            update();
          }
        }
      };

  private final int[] fifo = new int[FIFO];
  private int first;
  private int count;
  private int lcr;
  private int cr = 0x300;
  private int ifls = 0x12;
  private int mask;
  private int raw;
  private int ilpr;
  private int ibrd;
  private int fbrd;
  private int dmacr;
  private int errors;
  private Runnable onSpace = () -> {};

  /** Makes a UART in its reset state. */
  public Pl011(VirtualClock clock, InterruptLine line, Output output) {
    this.clock = clock;
    this.line = line;
    this.output = output;
  }

  /** Sets the callback when the receiver has room again. */
  public void onSpace(Runnable action) {
    onSpace = action;
  }

  /** Returns whether {@link #receive} would accept a character. */
  public boolean canReceive() {
    return count < depth();
  }

  private int depth() {
    return (lcr & LCR_FIFO) != 0 ? FIFO : 1;
  }

  /**
   * Receives a character from outside. The caller asks {@link #canReceive} first; an overrun loses
   * it.
   */
  public void receive(int character) {
    if (!canReceive()) {
      overrun();
      return;
    }
    put(character & 0xff);
  }

  /** Puts a character with its errors into the FIFO, which has room. */
  private void put(int entry) {
    fifo[(first + count++) % FIFO] = entry;
    if (count == trigger()) { // the transition through the level interrupts, not the level (3.3.9)
      raw |= INT_RX;
    }
    clock.schedule(timeout, clock.now() + TIMEOUT);
    update();
  }

  private void overrun() {
    errors |= ERROR_OVERRUN;
    raw |= INT_OVERRUN;
    update();
  }

  /** The line stays low for longer than a character: one zero is received with it (2.4.3). */
  private void receiveBreak() {
    raw |= INT_BREAK;
    if (canReceive()) {
      put(ERROR_BREAK << DR_ERRORS);
    } else {
      overrun();
    }
  }

  /** Whether the receiver sees the break that the transmitter sends. */
  private boolean breaks() {
    return (lcr & LCR_BREAK) != 0 && (cr & CR_LOOPBACK) != 0;
  }

  /** Returns whether the guest has not read all input from outside. */
  public boolean holds() {
    return count > 0 && (cr & CR_LOOPBACK) == 0;
  }

  /** Takes back the oldest character that the guest has not read. */
  public int takeBack() {
    return take() & 0xff;
  }

  private int trigger() {
    if ((lcr & LCR_FIFO) == 0) {
      return 1;
    }
    return switch (ifls >>> 3 & 7) {
      case 0 -> 2;
      case 1 -> 4;
      case 2 -> 8;
      case 3 -> 12;
      default -> 14;
    };
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    return switch (offset & ~3) {
      case DR -> take();
      case RSR -> errors;
      case FR ->
          FLAG_TX_EMPTY | (count == 0 ? FLAG_RX_EMPTY : 0) | (count == depth() ? FLAG_RX_FULL : 0);
      case ILPR -> ilpr;
      case IBRD -> ibrd;
      case FBRD -> fbrd;
      case LCR_H -> lcr;
      case CR -> cr;
      case IFLS -> ifls;
      case IMSC -> mask;
      case RIS -> raw;
      case MIS -> raw & mask;
      case DMACR -> dmacr;
      default -> 0;
    };
  }

  private int take() {
    if (count == 0) {
      return 0;
    }
    int character = fifo[first];
    errors = errors & ~ERRORS_OF_CHARACTER | character >>> DR_ERRORS;
    first = (first + 1) % FIFO;
    count--;
    if (count < trigger()) {
      raw &= ~INT_RX;
    }
    if (count == 0) {
      raw &= ~INT_TIMEOUT;
      clock.cancel(timeout);
    }
    update();
    onSpace.run();
    return character;
  }

  @Override
  public void write(int offset, int value, int size) {
    boolean broken = breaks();
    switch (offset & ~3) {
      case DR -> {
        if ((cr & CR_LOOPBACK) != 0) {
          receive(value);
        } else {
          output.put(value & 0xff);
        }
        raw |= INT_TX;
      }
      case RSR -> errors = 0;
      case ILPR -> ilpr = value & 0xff;
      case IBRD -> ibrd = value & 0xffff;
      case FBRD -> fbrd = value & 0x3f;
      case LCR_H -> {
        if (((lcr ^ value) & LCR_FIFO) != 0) {
          first = 0;
          count = 0;
          raw &= ~(INT_RX | INT_TIMEOUT);
        }
        lcr = value & 0xff;
        onSpace.run();
      }
      case CR -> cr = value & 0xffff;
      case IFLS -> ifls = value & 0x3f;
      case IMSC -> mask = value & INT_ALL;
      case ICR -> raw &= ~value;
      case DMACR -> dmacr = value & 7;
      default -> {} // reserved, or read only
    }
    if (breaks() && !broken) {
      receiveBreak();
    }
    update();
  }

  private void update() {
    line.set((raw & mask) != 0);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int c : fifo) {
      out.writeInt(c);
    }
    for (int v :
        new int[] {first, count, lcr, cr, ifls, mask, raw, ilpr, ibrd, fbrd, dmacr, errors}) {
      out.writeInt(v);
    }
    clock.save(timeout, out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (int i = 0; i < FIFO; i++) {
      fifo[i] = in.readInt();
    }
    first = in.readInt();
    count = in.readInt();
    lcr = in.readInt();
    cr = in.readInt();
    ifls = in.readInt();
    mask = in.readInt();
    raw = in.readInt();
    ilpr = in.readInt();
    ibrd = in.readInt();
    fbrd = in.readInt();
    dmacr = in.readInt();
    errors = in.readInt();
    clock.restore(timeout, in);
    update();
  }
}
