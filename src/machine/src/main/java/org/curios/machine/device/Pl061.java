package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;

/**
 * General purpose input/output PL061 (ARM DDI 0190): eight pins, each an input or an output, with
 * interrupts by level or edge. Bits 2 to 9 of the address of the data register choose the pins of
 * an access (3.3.1).
 */
public final class Pl061 implements Device, Stateful {
  private static final int DATA_END = 0x400;
  private static final int DIR = 0x400;
  private static final int IS = 0x404;
  private static final int IBE = 0x408;
  private static final int IEV = 0x40c;
  private static final int IE = 0x410;
  private static final int RIS = 0x414;
  private static final int MIS = 0x418;
  private static final int IC = 0x41c;
  private static final int AFSEL = 0x420;

  private static final PrimeCellId ID = new PrimeCellId(0x61, 0x10, 0x04, 0x00);

  private final InterruptLine line;
  private int output;
  private int input;
  private int direction;
  private int level;
  private int bothEdges;
  private int event;
  private int mask;
  private int alternate;

  /** Edges detected since they were cleared. */
  private int edges;

  /** Makes a port in its reset state, with all pins low from outside. */
  public Pl061(InterruptLine line) {
    this.line = line;
  }

  /**
   * Returns the outside driver of a pin.
   *
   * @param number 0 to 7
   */
  public InterruptLine pin(int number) {
    return high -> {
      int before = pins();
      input = high ? input | 1 << number : input & ~(1 << number);
      changed(before);
    };
  }

  /** Returns the levels of the eight pins: outputs as written, inputs as driven from outside. */
  public int pins() {
    return output & direction | input & ~direction;
  }

  private int raw() {
    return edges & ~level | ~(pins() ^ event) & level & 0xff;
  }

  private void changed(int before) {
    int moved = (before ^ pins()) & ~level;
    edges |= moved & (bothEdges | ~(pins() ^ event));
    update();
  }

  private void update() {
    line.set((raw() & mask) != 0);
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    if (offset < DATA_END) {
      return pins() & offset >>> 2;
    }
    return switch (offset) {
      case DIR -> direction;
      case IS -> level;
      case IBE -> bothEdges;
      case IEV -> event;
      case IE -> mask;
      case RIS -> raw();
      case MIS -> raw() & mask;
      case AFSEL -> alternate;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int value, int size) {
    int before = pins();
    int low = value & 0xff;
    if (offset < DATA_END) {
      int chosen = offset >>> 2 & direction; // a pin can be written only while it is an output
      output = output & ~chosen | low & chosen;
    } else {
      switch (offset) {
        case DIR -> {
          output = output & direction | before & ~direction;
          direction = low;
        }
        case IS -> level = low;
        case IBE -> bothEdges = low;
        case IEV -> event = low;
        case IE -> mask = low;
        case IC -> edges &= ~low;
        case AFSEL -> alternate = low;
        default -> {} // read only
      }
    }
    changed(before);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v :
        new int[] {output, input, direction, level, bothEdges, event, mask, alternate, edges}) {
      out.writeByte(v);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    output = in.readUnsignedByte();
    input = in.readUnsignedByte();
    direction = in.readUnsignedByte();
    level = in.readUnsignedByte();
    bothEdges = in.readUnsignedByte();
    event = in.readUnsignedByte();
    mask = in.readUnsignedByte();
    alternate = in.readUnsignedByte();
    edges = in.readUnsignedByte();
    update();
  }
}
