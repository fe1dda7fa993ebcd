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
 * Real-time clock PL031 (ARM DDI 0224): seconds, one match interrupt. Runs on virtual time from a
 * fixed epoch.
 */
public final class Pl031 implements Device, Stateful {
  /** 1 January 2008, 00:00 UTC: the same on every run. */
  public static final int EPOCH = 1_199_145_600;

  private static final PrimeCellId ID = new PrimeCellId(0x31, 0x10, 0x14, 0x00);

  private final VirtualClock clock;
  private final InterruptLine line;
  private final TimedEvent alarm =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          raw = 1;
          update();
        }
      };

  /** Seconds that the clock is ahead of virtual time. */
  private int offset = EPOCH;

  private int match;
  private int load;
  private int mask;
  private int raw;

  /** Makes a clock in its reset state. */
  public Pl031(VirtualClock clock, InterruptLine line) {
    this.clock = clock;
    this.line = line;
  }

  private int seconds() {
    return offset + (int) (clock.now() / VirtualClock.HZ);
  }

  private void arm() {
    long ahead = Integer.toUnsignedLong(match - seconds());
    if (ahead == 0) {
      raw = 1;
      clock.cancel(alarm);
    } else {
      clock.schedule(alarm, (clock.now() / VirtualClock.HZ + ahead) * VirtualClock.HZ);
    }
  }

  private void update() {
    line.set((raw & mask) != 0);
  }

  @Override
  public int read(int at, int size) {
    if (PrimeCellId.contains(at)) {
      return ID.read(at);
    }
    return switch (at) {
      case 0x00 -> seconds();
      case 0x04 -> match;
      case 0x08 -> load;
      case 0x0c -> 1;
      case 0x10 -> mask;
      case 0x14 -> raw;
      case 0x18 -> raw & mask;
      default -> 0;
    };
  }

  @Override
  public void write(int at, int value, int size) {
    switch (at) {
      case 0x04 -> {
        match = value;
        arm();
      }
      case 0x08 -> {
        load = value;
        offset += value - seconds();
        arm();
      }
      case 0x10 -> mask = value & 1;
      case 0x1c -> raw &= ~value;
      default -> {} // read only
    }
    update();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v : new int[] {offset, match, load, mask, raw}) {
      out.writeInt(v);
    }
    clock.save(alarm, out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    offset = in.readInt();
    match = in.readInt();
    load = in.readInt();
    mask = in.readInt();
    raw = in.readInt();
    clock.restore(alarm, in);
    update();
  }
}
