package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.Stateful;

/**
 * PCI of the VersatilePB (ARM DUI 0224, 4.16): the registers of the controller, the controller's
 * own configuration space, and a bus on which nothing answers.
 */
public final class PciBridge {
  /** Vendor and device of the controller, and its class, as software finds it. */
  private static final int IDENTITY = 0x030010ee;

  private static final int CLASS = 0x0b400000;

  /** Slot of the controller itself: the first that software examines. */
  private static final int SLOT = 11;

  private static final int SLOT_BYTES = 0x800;

  /** Value of a read that no target claims. */
  private static final int ALL_ONES = 0xffffffff;

  private PciBridge() {}

  /** Returns the registers of the controller: address maps and the number of its slot. */
  public static RegisterBank registers() {
    RegisterBank bank = new RegisterBank(null);
    for (int map = 0; map < 3; map++) {
      bank.with(4 * map, 0xf, 0); // PCI_IMAPx
      bank.with(0x14 + 4 * map, 0xf0000000, 0); // PCI_SMAPx
    }
    return bank.with(0x0c, 0x1f, 0).with(0x10, 0xffffffff, 0);
  }

  /** An address window without a target. */
  public static final class Empty implements Device {
    @Override
    public int read(int offset, int size) {
      return ALL_ONES >>> 32 - 8 * size;
    }

    @Override
    public void write(int offset, int value, int size) {
      // no target claims it
    }
  }

  /** The configuration space of the controller, at its slot. */
  public static final class OwnConfiguration implements Device, Stateful {
    private static final int COMMAND = 0x04;
    private static final int CLASS_AND_REVISION = 0x08;
    private static final int BARS = 0x10;
    private static final int BARS_END = 0x1c;
    private int command;
    private final int[] bars = new int[3];

    @Override
    public int read(int offset, int size) {
      int word = offset / SLOT_BYTES == SLOT ? word(offset % SLOT_BYTES & ~3) : ALL_ONES;
      return word >>> 8 * (offset & 3) & ALL_ONES >>> 32 - 8 * size;
    }

    private int word(int at) {
      if (at >= BARS && at < BARS_END) {
        return bars[(at - BARS) / 4];
      }
      return switch (at) {
        case 0 -> IDENTITY;
        case COMMAND -> command;
        case CLASS_AND_REVISION -> CLASS;
        default -> 0;
      };
    }

    @Override
    public void write(int offset, int value, int size) {
      if (offset / SLOT_BYTES != SLOT) {
        return;
      }
      int at = offset % SLOT_BYTES;
      if (at == COMMAND) {
        command = value & 0x147;
      } else if (at >= BARS && at < BARS_END) {
        bars[(at - BARS) / 4] = value & 0xf0000000;
      }
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeInt(command);
      for (int bar : bars) {
        out.writeInt(bar);
      }
    }

    @Override
    public void restore(DataInput in) throws IOException {
      command = in.readInt();
      for (int i = 0; i < bars.length; i++) {
        bars[i] = in.readInt();
      }
    }
  }
}
