package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;

/**
 * Secondary interrupt controller of the VersatilePB (ARM DUI 0224, 4.11): joins its inputs to one
 * input of the vectored controller, and passes some of them through to separate inputs.
 */
public final class Sic implements Device, Stateful {
  private final InterruptLine joined;
  private final InterruptLine[] direct;
  private int inputs;
  private int soft;
  private int enabled;
  private int passThrough;

  /**
   * Makes a controller in its reset state.
   *
   * @param joined target of the enabled inputs
   * @param direct target of input n if it is passed through; null for those that cannot be
   */
  public Sic(InterruptLine joined, InterruptLine[] direct) {
    this.joined = joined;
    this.direct = direct.clone();
  }

  /**
   * Returns an input of the controller.
   *
   * @param number 0 to 31
   */
  public InterruptLine input(int number) {
    return raised -> {
      inputs = raised ? inputs | 1 << number : inputs & ~(1 << number);
      update();
    };
  }

  private void update() {
    joined.set(((inputs | soft) & enabled) != 0); // passed through or not: Linux has it both ways
    for (int i = 0; i < direct.length; i++) {
      if (direct[i] != null && (passThrough >>> i & 1) != 0) {
        direct[i].set((inputs >>> i & 1) != 0);
      }
    }
  }

  @Override
  public int read(int offset, int size) {
    return switch (offset) {
      case 0x00 -> (inputs | soft) & enabled;
      case 0x04 -> inputs | soft;
      case 0x08 -> enabled;
      case 0x10 -> soft;
      case 0x20 -> passThrough;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int value, int size) {
    switch (offset) {
      case 0x08 -> enabled |= value;
      case 0x0c -> enabled &= ~value;
      case 0x10 -> soft |= value & 1;
      case 0x14 -> soft &= ~(value & 1);
      case 0x20 -> setPassThrough(passThrough | value & 0x7fe00000);
      case 0x24 -> setPassThrough(passThrough & ~value);
      default -> {} // read only
    }
    update();
  }

  private void setPassThrough(int value) {
    for (int i = 0; i < direct.length; i++) {
      if (direct[i] != null && (passThrough >>> i & 1) != 0 && (value >>> i & 1) == 0) {
        direct[i].set(false);
      }
    }
    passThrough = value;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v : new int[] {inputs, soft, enabled, passThrough}) {
      out.writeInt(v);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    inputs = in.readInt();
    soft = in.readInt();
    enabled = in.readInt();
    passThrough = in.readInt();
    update();
  }
}
