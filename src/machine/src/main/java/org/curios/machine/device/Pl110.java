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
 * Colour LCD controller PL110 (ARM DDI 0161) as on the VersatilePB (ARM DUI 0224, 4.6): control and
 * interrupt enable are swapped, and a multiplexer after it, set by the system registers, defines
 * the format of 16-bit pixels. It shows 60 frames a second regardless of the timing registers.
 */
public final class Pl110 implements Device, Stateful {
  private static final int UPPER_BASE = 0x10;
  private static final int LOWER_BASE = 0x14;
  private static final int CONTROL = 0x18;
  private static final int INTERRUPT_ENABLE = 0x1c;
  private static final int STATUS = 0x20;
  private static final int INTERRUPT = 0x24;
  private static final int UPPER_CURRENT = 0x28;
  private static final int LOWER_CURRENT = 0x2c;
  private static final int PALETTE = 0x200;
  private static final int PALETTE_END = 0x400;

  private static final int ENABLE = 1;
  private static final int RED_BLUE_SWAPPED = 1 << 8;
  private static final int BIG_ENDIAN_BYTES = 1 << 9;
  private static final int BIG_ENDIAN_PIXELS = 1 << 10;
  private static final int POWER = 1 << 11;

  private static final int NEXT_BASE = 1 << 2;
  private static final int VERTICAL = 1 << 3;
  private static final int ALL_INTERRUPTS = 0x1e;

  private static final long FRAME = VirtualClock.HZ / 60;
  private static final PrimeCellId ID = new PrimeCellId(0x10, 0x11, 0x04, 0x00);

  /** The format of 16-bit pixels: SYS_CLCD bits 1 and 0. */
  private static final int MODE_5551 = 1;

  private static final int MODE_565_RED_LOW = 2;

  private final VirtualClock clock;
  private final InterruptLine line;
  private final BusMaster bus;
  private final TimedEvent frameEnd =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          settle();
          update();
        }
      };

  private final int[] timing = new int[4];
  private final int[] palette = new int[128];
  private int upperBase;
  private int lowerBase;
  private int control;
  private int mask;
  private int status;
  private int multiplexer;

  /** Frames up to the last read of {@link #status}. */
  private long framesSeen;

  /** Makes a controller in its reset state. */
  public Pl110(VirtualClock clock, InterruptLine line, BusMaster bus) {
    this.clock = clock;
    this.line = line;
    this.bus = bus;
  }

  /**
   * Sets the multiplexer.
   *
   * @param mode bits 1 and 0 of SYS_CLCD
   */
  public void multiplex(int mode) {
    multiplexer = mode;
  }

  /** A picture: rows of 0xrrggbb, from the top left. */
  public record Picture(int width, int height, int[] pixels) {}

  /** Returns what the screen shows: black while it is off. */
  public Picture picture() {
    int width = ((timing[0] >>> 2 & 63) + 1) * 16;
    int height = (timing[1] & 0x3ff) + 1;
    int[] pixels = new int[width * height];
    if ((control & (ENABLE | POWER)) == (ENABLE | POWER)) {
      try {
        draw(pixels);
      } catch (BusError e) {
        // the rest stays black
      }
    }
    return new Picture(width, height, pixels);
  }

  private void draw(int[] pixels) {
    int code = control >>> 1 & 7;
    int bits = code < 5 ? 1 << code : code == 5 ? 32 : 16;
    int perWord = 32 / bits;
    int word = 0;
    for (int i = 0; i < pixels.length; i++) {
      int within = i % perWord;
      if (within == 0) {
        word = bus.read(upperBase + 4 * (i / perWord), 4);
      }
      int position = within; // the first pixel is in the lowest bits, of the word or of the byte
      if ((control & BIG_ENDIAN_BYTES) != 0) {
        position = perWord - 1 - within;
      } else if (bits < 8 && (control & BIG_ENDIAN_PIXELS) != 0) {
        position ^= 8 / bits - 1;
      }
      int value = word >>> bits * position & -1 >>> 32 - bits;
      pixels[i] =
          bits == 32 ? colour24(value) : bits == 16 ? colour16(value) : paletteColour(value);
    }
  }

  private int paletteColour(int index) {
    return colour5(palette[index / 2] >>> 16 * (index & 1) & 0xffff);
  }

  /** 24 bits: red is lowest unless they are swapped. */
  private int colour24(int value) {
    return (control & RED_BLUE_SWAPPED) != 0 ? value & 0xffffff : Integer.reverseBytes(value) >>> 8;
  }

  private int colour16(int value) {
    if (multiplexer == MODE_5551) {
      return colour5(value);
    }
    int low = eight(value & 31, 5);
    int green = eight(value >>> 5 & 63, 6);
    int high = eight(value >>> 11, 5);
    return multiplexer == MODE_565_RED_LOW
        ? low << 16 | green << 8 | high
        : high << 16 | green << 8 | low;
  }

  /** 15 bits: red is lowest unless they are swapped. */
  private int colour5(int value) {
    int low = eight(value & 31, 5);
    int green = eight(value >>> 5 & 31, 5);
    int high = eight(value >>> 10 & 31, 5);
    return (control & RED_BLUE_SWAPPED) != 0
        ? high << 16 | green << 8 | low
        : low << 16 | green << 8 | high;
  }

  /** Widens a component to eight bits. */
  private static int eight(int value, int bits) {
    return value << 8 - bits | value >>> 2 * bits - 8;
  }

  private long frames() {
    return clock.now() / FRAME;
  }

  /** Records the frames that have ended since the last call. */
  private void settle() {
    if ((control & ENABLE) != 0 && frames() != framesSeen) {
      status |= NEXT_BASE | VERTICAL;
    }
    framesSeen = frames();
  }

  private void update() {
    line.set((status & mask) != 0);
    if ((control & ENABLE) != 0 && mask != 0) {
      clock.schedule(frameEnd, (frames() + 1) * FRAME);
    } else {
      clock.cancel(frameEnd);
    }
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    if (offset < UPPER_BASE) {
      return timing[offset / 4];
    }
    if (offset >= PALETTE && offset < PALETTE_END) {
      return palette[(offset - PALETTE) / 4];
    }
    settle();
    return switch (offset) {
      case UPPER_BASE, UPPER_CURRENT -> upperBase;
      case LOWER_BASE, LOWER_CURRENT -> lowerBase;
      case CONTROL -> control;
      case INTERRUPT_ENABLE -> mask;
      case STATUS -> status;
      case INTERRUPT -> status & mask;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int value, int size) {
    settle();
    if (offset < UPPER_BASE) {
      timing[offset / 4] = value;
    } else if (offset >= PALETTE && offset < PALETTE_END) {
      palette[(offset - PALETTE) / 4] = value;
    } else {
      switch (offset) {
        case UPPER_BASE -> upperBase = value & ~7;
        case LOWER_BASE -> lowerBase = value & ~7;
        case CONTROL -> control = value & 0x1ffff;
        case INTERRUPT_ENABLE -> mask = value & ALL_INTERRUPTS;
        // Drivers of its successor clear at the next word, which is read only here.
        case STATUS, UPPER_CURRENT -> status &= ~value;
        default -> {} // read only
      }
    }
    update();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v : timing) {
      out.writeInt(v);
    }
    for (int v : palette) {
      out.writeInt(v);
    }
    for (int v : new int[] {upperBase, lowerBase, control, mask, status, multiplexer}) {
      out.writeInt(v);
    }
    out.writeLong(framesSeen);
    clock.save(frameEnd, out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (int i = 0; i < timing.length; i++) {
      timing[i] = in.readInt();
    }
    for (int i = 0; i < palette.length; i++) {
      palette[i] = in.readInt();
    }
    upperBase = in.readInt();
    lowerBase = in.readInt();
    control = in.readInt();
    mask = in.readInt();
    status = in.readInt();
    multiplexer = in.readInt();
    framesSeen = in.readLong();
    clock.restore(frameEnd, in);
    line.set((status & mask) != 0);
  }
}
