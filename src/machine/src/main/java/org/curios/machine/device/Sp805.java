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
 * Watchdog SP805 (ARM DDI 0270): a down counter at 1 MHz. It interrupts when it reaches zero, and
 * when it reaches zero again before the interrupt is cleared, it resets the board.
 */
public final class Sp805 implements Device, Stateful {
  private static final long TICKS_PER_COUNT = VirtualClock.HZ / 1_000_000;

  private static final int LOAD = 0x000;
  private static final int VALUE = 0x004;
  private static final int CONTROL = 0x008;
  private static final int INTCLR = 0x00c;
  private static final int RIS = 0x010;
  private static final int MIS = 0x014;
  private static final int LOCK = 0xc00;
  private static final int ITCR = 0xf00;
  private static final int UNLOCK = 0x1acce551;

  private static final int INTERRUPT_ENABLE = 1;
  private static final int RESET_ENABLE = 2;

  private static final PrimeCellId ID = new PrimeCellId(0x05, 0x18, 0x14, 0x00);

  private final VirtualClock clock;
  private final InterruptLine line;
  private final Runnable reset;
  private final TimedEvent zero =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          reachedZero(tick);
        }
      };

  private int load = -1;

  /** The counter at {@link #since}. */
  private int value = -1;

  private long since;
  private int control;
  private boolean raw;
  private boolean locked;
  private int test;

  /**
   * Makes a watchdog in its reset state.
   *
   * @param reset what happens when the interrupt was not cleared in time
   */
  public Sp805(VirtualClock clock, InterruptLine line, Runnable reset) {
    this.clock = clock;
    this.line = line;
    this.reset = reset;
  }

  private boolean counts() {
    return (control & INTERRUPT_ENABLE) != 0;
  }

  private int now() {
    return counts() ? value - (int) ((clock.now() - since) / TICKS_PER_COUNT) : value;
  }

  private void startAt(int count, long tick) {
    value = count;
    since = tick;
    if (counts()) {
      clock.schedule(zero, tick + Math.max(1, Integer.toUnsignedLong(count)) * TICKS_PER_COUNT);
    } else {
      clock.cancel(zero);
    }
  }

  private void reachedZero(long tick) {
    if (raw && (control & RESET_ENABLE) != 0) {
      reset.run();
    }
    raw = true;
    startAt(load, tick);
    update();
  }

  private void update() {
    line.set(raw && counts());
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    return switch (offset) {
      case LOAD -> load;
      case VALUE -> now();
      case CONTROL -> control;
      case RIS -> raw ? 1 : 0;
      case MIS -> raw && counts() ? 1 : 0;
      case LOCK -> locked ? 1 : 0;
      case ITCR -> test;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int written, int size) {
    if (offset == LOCK) {
      locked = written != UNLOCK;
    } else if (!locked) {
      unlockedWrite(offset, written);
    }
  }

  private void unlockedWrite(int offset, int written) {
    switch (offset) {
      case LOAD -> {
        load = written;
        startAt(load, clock.now());
      }
      case CONTROL -> {
        int at = now();
        boolean begins = !counts() && (written & INTERRUPT_ENABLE) != 0;
        control = written & 3;
        startAt(begins ? load : at, clock.now()); // enabling reloads (3.3.3)
      }
      case INTCLR -> {
        raw = false;
        startAt(load, clock.now());
      }
      case ITCR -> test = written & 1;
      default -> {} // read only
    }
    update();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v : new int[] {load, value, control, test}) {
      out.writeInt(v);
    }
    out.writeLong(since);
    out.writeBoolean(raw);
    out.writeBoolean(locked);
    clock.save(zero, out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    load = in.readInt();
    value = in.readInt();
    control = in.readInt();
    test = in.readInt();
    since = in.readLong();
    raw = in.readBoolean();
    locked = in.readBoolean();
    clock.restore(zero, in);
    update();
  }
}
