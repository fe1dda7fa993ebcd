package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.Stateful;

/**
 * System controller SP810 (ARM DDI 0254): the mode of the clocks, which changes at once and has no
 * effect on speed, the clock enables of peripherals, and a soft reset.
 */
public final class Sp810 implements Device, Stateful {
  private static final int CONTROL = 0x00;
  private static final int SYSTEM_STATUS = 0x04;
  private static final int INTERRUPT_MODE = 0x08;
  private static final int INTERRUPT_STATUS = 0x0c;
  private static final int CRYSTAL = 0x10;
  private static final int PLL = 0x14;
  private static final int PLL_FREQUENCY = 0x18;
  private static final int ENABLE = 0x24;
  private static final int DISABLE = 0x28;
  private static final int ENABLED = 0x2c;
  private static final int STATUS = 0x30;

  /** Mode status, which follows the mode control, and the state of the memory remap. */
  private static final int MODE_STATUS = 0xf << 3;

  private static final int REMAP_CLEAR = 1 << 8;
  private static final int REMAP_STATUS = 1 << 9;

  /** The processor starts in DOZE mode (2.2). */
  private static final int DOZE = 1;

  private static final PrimeCellId ID = new PrimeCellId(0x10, 0x18, 0x04, 0x00);

  private final Runnable reset;
  private int control = DOZE;
  private int interruptMode;
  private int crystal;
  private int pll;
  private int pllFrequency;
  private int enabled = -1;

  /**
   * Makes a controller in its reset state.
   *
   * @param reset what a soft reset does
   */
  public Sp810(Runnable reset) {
    this.reset = reset;
  }

  /** The highest set bit of the three mode bits determines the mode: NORMAL, SLOW, DOZE. */
  private int status() {
    int remap = (control & REMAP_CLEAR) != 0 ? REMAP_STATUS : 0;
    return control | Integer.highestOneBit(control & 7) << 3 | remap;
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    return switch (offset) {
      case CONTROL -> status();
      case INTERRUPT_MODE -> interruptMode;
      case CRYSTAL -> crystal;
      case PLL -> pll;
      case PLL_FREQUENCY -> pllFrequency;
      case ENABLED, STATUS -> enabled;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int value, int size) {
    switch (offset) {
      case CONTROL -> control = value & ~(MODE_STATUS | REMAP_STATUS);
      case SYSTEM_STATUS -> reset.run();
      case INTERRUPT_MODE -> interruptMode = value & 0x8f;
      case INTERRUPT_STATUS -> interruptMode &= ~0x80;
      case CRYSTAL -> crystal = value & 0x7ffff;
      case PLL -> pll = value;
      case PLL_FREQUENCY -> pllFrequency = value;
      case ENABLE -> enabled |= value;
      case DISABLE -> enabled &= ~value;
      default -> {} // read only
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v : new int[] {control, interruptMode, crystal, pll, pllFrequency, enabled}) {
      out.writeInt(v);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    control = in.readInt();
    interruptMode = in.readInt();
    crystal = in.readInt();
    pll = in.readInt();
    pllFrequency = in.readInt();
    enabled = in.readInt();
  }
}
