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
 * Dual timer SP804 (ARM DDI 0271): two 32-bit down counters at 1 MHz with one interrupt. The
 * counter is computed from the tick.
 */
public final class Sp804 implements Device, Stateful {
  private static final long TICKS_PER_COUNT = VirtualClock.HZ / 1_000_000;
  private static final PrimeCellId ID = new PrimeCellId(0x04, 0x18, 0x14, 0x00);

  private final VirtualClock clock;
  private final InterruptLine line;
  private final Counter[] counters = {new Counter(), new Counter()};

  /** Makes a pair of timers in their reset state. */
  public Sp804(VirtualClock clock, InterruptLine line) {
    this.clock = clock;
    this.line = line;
  }

  /** One of the two timers. */
  private final class Counter extends TimedEvent {
    private static final int ENABLE = 1 << 7;
    private static final int PERIODIC = 1 << 6;
    private static final int INTERRUPT = 1 << 5;
    private static final int WIDE = 1 << 1;
    private static final int ONE_SHOT = 1;

    private int load;
    private int control = INTERRUPT;
    private boolean raw;

    /**
     * All 32 bits of the counter at {@link #since}; of a 16-bit counter, the upper half does not
     * change.
     */
    private long value = 0xffffffffL;

    /** Whether a one-shot count has ended: nothing happens until another load or mode. */
    private boolean halted;

    private long since;

    private long period() {
      int prescale = control >>> 2 & 3;
      return TICKS_PER_COUNT << (prescale == 0 ? 0 : prescale == 1 ? 4 : 8);
    }

    private long top() {
      return (control & WIDE) != 0 ? 0xffffffffL : 0xffff;
    }

    private boolean runs() {
      return (control & ENABLE) != 0;
    }

    /** Counts to zero since {@link #since}. */
    private long steps() {
      return runs() && !halted ? Math.min((clock.now() - since) / period(), value & top()) : 0;
    }

    /** Takes the current value as the new start. */
    private void settle() {
      if (runs() && !halted) {
        long steps = steps();
        value -= steps;
        since += steps * period();
      } else {
        since = clock.now();
      }
    }

    private void arm() {
      if (runs() && !halted) {
        clock.schedule(this, since + Math.max(value & top(), 1) * period());
      } else {
        clock.cancel(this);
      }
    }

    private void reload() {
      value = (control & PERIODIC) != 0 ? Integer.toUnsignedLong(load) : value | top();
    }

    @Override
    public void fire(long tick) {
      raw = true;
      since = tick;
      halted = (control & ONE_SHOT) != 0;
      if (halted) {
        value &= ~top();
      } else {
        reload();
      }
      arm();
      update();
    }

    private int read(int offset) {
      return switch (offset) {
        case 0x00, 0x18 -> load;
        case 0x04 -> (int) (value - steps());
        case 0x08 -> control;
        case 0x10 -> raw ? 1 : 0;
        case 0x14 -> raw && (control & INTERRUPT) != 0 ? 1 : 0;
        default -> 0;
      };
    }

    private void write(int offset, int written) {
      switch (offset) {
        case 0x00 -> {
          load = written;
          value = Integer.toUnsignedLong(written);
          halted = false;
          since = clock.now();
          arm();
        }
        case 0x08 -> {
          settle();
          boolean started = !runs() && (written & ENABLE) != 0;
          control = written & 0xef;
          if (started) {
            since = clock.now();
          }
          if (halted && (control & ONE_SHOT) == 0) {
            halted = false;
            reload();
          }
          arm();
        }
        case 0x0c -> raw = false;
        case 0x18 -> load = written;
        default -> {} // read only
      }
    }
  }

  private void update() {
    boolean raised = false;
    for (Counter c : counters) {
      raised |= c.raw && (c.control & Counter.INTERRUPT) != 0;
    }
    line.set(raised);
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    return offset < 0x40 ? counters[offset >>> 5].read(offset & 0x1c) : 0;
  }

  @Override
  public void write(int offset, int value, int size) {
    if (offset < 0x40) {
      counters[offset >>> 5].write(offset & 0x1c, value);
      update();
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (Counter c : counters) {
      out.writeInt(c.load);
      out.writeInt(c.control);
      out.writeBoolean(c.raw);
      out.writeLong(c.value);
      out.writeLong(c.since);
      out.writeBoolean(c.halted);
      clock.save(c, out);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (Counter c : counters) {
      c.load = in.readInt();
      c.control = in.readInt();
      c.raw = in.readBoolean();
      c.value = in.readLong();
      c.since = in.readLong();
      c.halted = in.readBoolean();
      clock.restore(c, in);
    }
    update();
  }
}
