package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.BusError;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;

/**
 * DMA controller PL080 (ARM DDI 0196): eight channels with linked lists. Transfers between memories
 * run by themselves; those with a peripheral continue with each request, which software makes,
 * since no peripheral of this board has its request lines wired.
 */
public final class Pl080 implements Device, Stateful {
  private static final int CHANNELS = 8;
  private static final int FIRST_CHANNEL = 0x100;
  private static final int CHANNEL_BYTES = 0x20;

  private static final int INT_STATUS = 0x00;
  private static final int INT_TC_STATUS = 0x04;
  private static final int INT_TC_CLEAR = 0x08;
  private static final int INT_ERROR_STATUS = 0x0c;
  private static final int INT_ERROR_CLEAR = 0x10;
  private static final int RAW_INT_TC = 0x14;
  private static final int RAW_INT_ERROR = 0x18;
  private static final int ENABLED = 0x1c;
  private static final int SOFT_BURST = 0x20;
  private static final int SOFT_SINGLE = 0x24;
  private static final int SOFT_LAST_BURST = 0x28;
  private static final int SOFT_LAST_SINGLE = 0x2c;
  private static final int CONFIGURATION = 0x30;
  private static final int SYNC = 0x34;

  private static final int CONTROLLER_ENABLE = 1;

  private static final PrimeCellId ID = new PrimeCellId(0x80, 0x10, 0x04, 0x0a);

  private final VirtualClock clock;
  private final InterruptLine line;
  private final BusMaster bus;
  private final Channel[] channels = new Channel[CHANNELS];
  private int configuration;
  private int sync;
  private int terminalCounts;
  private int errors;

  /** Makes a controller in its reset state. */
  public Pl080(VirtualClock clock, InterruptLine line, BusMaster bus) {
    this.clock = clock;
    this.line = line;
    this.bus = bus;
    for (int i = 0; i < CHANNELS; i++) {
      channels[i] = new Channel(i);
    }
  }

  /** One of the eight channels. */
  private final class Channel extends TimedEvent {
    private static final int ENABLE = 1;
    private static final int HALT = 1 << 18;
    private static final int COUNT = 0xfff;
    private static final int SOURCE_INCREMENT = 1 << 26;
    private static final int TARGET_INCREMENT = 1 << 27;

    private final int number;
    private int source;
    private int target;
    private int link;
    private int control;
    private int configuration;

    Channel(int number) {
      this.number = number;
    }

    private boolean isEnabled() {
      return (configuration & ENABLE) != 0 && (Pl080.this.configuration & CONTROLLER_ENABLE) != 0;
    }

    /** Flow control (3.4.17): 0 between memories, 1 and 5 to a peripheral, 2 and 6 from one. */
    private int flow() {
      return configuration >>> 11 & 7;
    }

    private int sourceWidth() {
      return 1 << Math.min(2, control >>> 18 & 7);
    }

    private int targetWidth() {
      return 1 << Math.min(2, control >>> 21 & 7);
    }

    private boolean peripheralDecides() {
      return flow() >= 4;
    }

    /** Starts what needs no request. */
    void wake() {
      if (isEnabled() && (configuration & HALT) == 0 && flow() == 0) {
        clock.schedule(this, clock.now() + Math.max(1, control & COUNT));
      } else {
        clock.cancel(this);
      }
    }

    @Override
    public void fire(long tick) {
      move(control & COUNT);
      wake();
      update();
    }

    /** Handles a request of a peripheral. */
    void request(int peripheral, boolean burst, boolean last) {
      boolean bySource = flow() != 1 && flow() != 4 && flow() != 5;
      if (!isEnabled()
          || (configuration & HALT) != 0
          || flow() == 0
          || (configuration >>> (bySource ? 1 : 6) & 15) != peripheral) {
        return;
      }
      int size = control >>> (bySource ? 12 : 15) & 7;
      int items = !burst || size == 0 ? 1 : 2 << size;
      if (!bySource) { // counted in the width of the target
        items = Math.max(1, items * targetWidth() / sourceWidth());
      }
      if (peripheralDecides()) {
        move(items, last);
      } else {
        move(Math.min(items, control & COUNT));
      }
    }

    private void move(int items) {
      move(items, false);
    }

    /**
     * Moves items of the width of the source.
     *
     * @param last whether the peripheral with flow control says that these are the last
     */
    private void move(int items, boolean last) {
      int width = sourceWidth();
      int targetWidth = targetWidth();
      try {
        int left = items * width;
        long packed = 0;
        int bytes = 0;
        while (left > 0) {
          packed |= Integer.toUnsignedLong(bus.read(source & -width, width)) << 8 * bytes;
          bytes += width;
          left -= width;
          source += (control & SOURCE_INCREMENT) != 0 ? width : 0;
          for (; bytes >= targetWidth; bytes -= targetWidth) {
            bus.write(target & -targetWidth, (int) packed, targetWidth);
            packed >>>= 8 * targetWidth;
            target += (control & TARGET_INCREMENT) != 0 ? targetWidth : 0;
          }
        }
      } catch (BusError e) {
        errors |= 1 << number;
        configuration &= ~ENABLE;
        return;
      }
      if (!peripheralDecides()) {
        control -= items;
      }
      if (peripheralDecides() ? last : (control & COUNT) == 0) {
        end();
      }
    }

    private void end() {
      if (control < 0) {
        terminalCounts |= 1 << number;
      }
      if ((link & ~3) == 0) {
        configuration &= ~ENABLE;
        return;
      }
      try {
        int at = link & ~3;
        source = bus.read(at, 4);
        target = bus.read(at + 4, 4);
        link = bus.read(at + 8, 4);
        control = bus.read(at + 12, 4);
      } catch (BusError e) {
        errors |= 1 << number;
        configuration &= ~ENABLE;
      }
    }

    int read(int offset) {
      return switch (offset) {
        case 0x00 -> source;
        case 0x04 -> target;
        case 0x08 -> link;
        case 0x0c -> control;
        case 0x10 -> configuration;
        default -> 0;
      };
    }

    void write(int offset, int value) {
      switch (offset) {
        case 0x00 -> source = value;
        case 0x04 -> target = value;
        case 0x08 -> link = value;
        case 0x0c -> control = value;
        case 0x10 -> {
          configuration = value & 0x5ffff;
          wake();
        }
        default -> {} // nothing there
      }
    }

    void save(DataOutput out) throws IOException {
      for (int v : new int[] {source, target, link, control, configuration}) {
        out.writeInt(v);
      }
      clock.save(this, out);
    }

    void restore(DataInput in) throws IOException {
      source = in.readInt();
      target = in.readInt();
      link = in.readInt();
      control = in.readInt();
      configuration = in.readInt();
      clock.restore(this, in);
    }
  }

  /** Channels for which a bit of their configuration lets an interrupt through. */
  private int channels(int bit) {
    int mask = 0;
    for (Channel channel : channels) {
      mask |= (channel.configuration >>> bit & 1) << channel.number;
    }
    return mask;
  }

  private int maskedCounts() {
    return terminalCounts & channels(15);
  }

  private int maskedErrors() {
    return errors & channels(14);
  }

  private void update() {
    line.set((maskedCounts() | maskedErrors()) != 0);
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    if (offset >= FIRST_CHANNEL && offset < FIRST_CHANNEL + CHANNELS * CHANNEL_BYTES) {
      return channels[(offset - FIRST_CHANNEL) / CHANNEL_BYTES].read(offset % CHANNEL_BYTES);
    }
    return switch (offset) {
      case INT_STATUS -> maskedCounts() | maskedErrors();
      case INT_TC_STATUS -> maskedCounts();
      case INT_ERROR_STATUS -> maskedErrors();
      case RAW_INT_TC -> terminalCounts;
      case RAW_INT_ERROR -> errors;
      case ENABLED -> channels(0);
      case CONFIGURATION -> configuration;
      case SYNC -> sync;
      default -> 0; // requests are served at once
    };
  }

  @Override
  public void write(int offset, int value, int size) {
    if (offset >= FIRST_CHANNEL && offset < FIRST_CHANNEL + CHANNELS * CHANNEL_BYTES) {
      channels[(offset - FIRST_CHANNEL) / CHANNEL_BYTES].write(offset % CHANNEL_BYTES, value);
    } else {
      switch (offset) {
        case INT_TC_CLEAR -> terminalCounts &= ~value;
        case INT_ERROR_CLEAR -> errors &= ~value;
        case SOFT_BURST -> request(value, true, false);
        case SOFT_SINGLE -> request(value, false, false);
        case SOFT_LAST_BURST -> request(value, true, true);
        case SOFT_LAST_SINGLE -> request(value, false, true);
        case CONFIGURATION -> {
          configuration = value & 7;
          for (Channel channel : channels) {
            channel.wake();
          }
        }
        case SYNC -> sync = value & 0xffff;
        default -> {} // read only
      }
    }
    update();
  }

  private void request(int peripherals, boolean burst, boolean last) {
    for (int p = 0; p < 16; p++) {
      if ((peripherals >>> p & 1) != 0) {
        for (Channel channel : channels) {
          channel.request(p, burst, last);
        }
      }
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v : new int[] {configuration, sync, terminalCounts, errors}) {
      out.writeInt(v);
    }
    for (Channel channel : channels) {
      channel.save(out);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    configuration = in.readInt();
    sync = in.readInt();
    terminalCounts = in.readInt();
    errors = in.readInt();
    for (Channel channel : channels) {
      channel.restore(in);
    }
    update();
  }
}
