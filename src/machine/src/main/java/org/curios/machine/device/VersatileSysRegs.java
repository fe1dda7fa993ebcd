package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;

/**
 * System registers of the VersatilePB (ARM DUI 0224, 4.2): identification, counters, lock, reset.
 */
public final class VersatileSysRegs implements Device, Stateful {
  private static final int ID = 0x41007004;
  private static final int LOCK = 0x20;
  private static final int UNLOCK = 0xa05f;
  private static final int LOCKED = 1 << 16;

  /** SYS_CLCD: a VGA monitor is connected. */
  private static final int VGA = 0x1f00;

  private static final int CLCD = 0x50;
  private static final int CLCD_BITS = 0x3f00;

  private final VirtualClock clock;
  private final Runnable reset;
  private final IntConsumer clcd;
  private final IntSupplier cards;

  /**
   * The registers that only store what is written: LED, OSC0-4, configuration data, flags and so
   * on, by word.
   */
  private final int[] kept = new int[0x100 / 4];

  private int lock;
  private int flags;
  private int nvFlags;

  /**
   * Makes the registers of a board without cards and screen.
   *
   * @param reset what a write to the reset register does
   */
  public VersatileSysRegs(VirtualClock clock, Runnable reset) {
    this(clock, reset, mode -> {}, () -> 0);
  }

  /**
   * Makes the registers.
   *
   * @param reset what a write to the reset register does
   * @param clcd takes the mode of the display's multiplexer, bits 1 and 0 of SYS_CLCD
   * @param cards SYS_MCI: bits 0 and 1 for a card in slot 0 and 1, bits 2 and 3 for its switch at
   *     write protection
   */
  public VersatileSysRegs(VirtualClock clock, Runnable reset, IntConsumer clcd, IntSupplier cards) {
    this.clock = clock;
    this.reset = reset;
    this.clcd = clcd;
    this.cards = cards;
  }

  /** Returns SYS_NVFLAGS, which a reset does not change. */
  public int nvFlags() {
    return nvFlags;
  }

  /** Sets the flags that a reset keeps. */
  public void keepNvFlags(int value) {
    nvFlags = value;
  }

  @Override
  public int read(int offset, int size) {
    return switch (offset) {
      case 0x00 -> ID;
      case 0x04 -> 0;
      case LOCK -> unlocked() ? lock : lock | LOCKED;
      case 0x24 -> (int) (clock.now() / (VirtualClock.HZ / 100));
      case 0x30, 0x34 -> flags;
      case 0x38, 0x3c -> nvFlags;
      case 0x40 -> 0;
      case 0x44 -> 1; // SYS_PCICTL: the board is in a backplane
      case 0x48 -> cards.getAsInt();
      case CLCD -> VGA | kept[CLCD / 4];
      case 0x54, 0x58 -> 0;
      case 0x5c -> (int) (clock.now() * 24 / (VirtualClock.HZ / 1_000_000));
      case 0x60, 0x64, 0x68, 0x6c, 0x70, 0x74, 0x78, 0x7c, 0x80, 0x84 -> 0;
      default -> offset < 0x100 ? kept[offset / 4] : 0;
    };
  }

  private boolean unlocked() {
    return (lock & 0xffff) == UNLOCK;
  }

  @Override
  public void write(int offset, int value, int size) {
    switch (offset) {
      case LOCK -> lock = (value & 0xffff) == UNLOCK ? value & 0xffff : value & 0x7fff;
      case 0x30 -> flags |= value;
      case 0x34 -> flags &= ~value;
      case 0x38 -> nvFlags |= value;
      case 0x3c -> nvFlags &= ~value;
      case 0x40 -> {
        if (unlocked() && (value & 0x100) != 0) {
          reset.run();
        }
      }
      case 0x0c, 0x10, 0x14, 0x18, 0x1c -> {
        if (unlocked()) {
          kept[offset / 4] = value;
        }
      }
      case CLCD -> {
        kept[CLCD / 4] = value & ~CLCD_BITS;
        clcd.accept(value & 3);
      }
      case 0x4c -> kept[offset / 4] = value & 1;
      case 0x08, 0x28, 0x2c -> kept[offset / 4] = value;
      default -> {} // read only
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v : kept) {
      out.writeInt(v);
    }
    out.writeInt(lock);
    out.writeInt(flags);
    out.writeInt(nvFlags);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (int i = 0; i < kept.length; i++) {
      kept[i] = in.readInt();
    }
    lock = in.readInt();
    flags = in.readInt();
    nvFlags = in.readInt();
  }
}
