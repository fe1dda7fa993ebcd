package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;

/**
 * Vectored interrupt controller PL190 (ARM DDI 0181): 32 inputs, 16 of them vectored with
 * priorities.
 */
public final class Pl190 implements Device, Stateful {
  private static final int VECTORS = 16;

  /** Priority level of interrupts without a vector, below the sixteen vectored ones. */
  private static final int DEFAULT_LEVEL = 16;

  /** Nothing is being served: everything may interrupt. */
  private static final int IDLE_LEVEL = 17;

  private static final PrimeCellId ID = new PrimeCellId(0x90, 0x11, 0x04, 0x00);

  private final InterruptLine irq;
  private final InterruptLine fiq;
  private int inputs;
  private int soft;
  private int enabled;
  private int fiqSelect;
  private int protection;
  private int defaultVector;
  private final int[] vector = new int[VECTORS];
  private final int[] control = new int[VECTORS];

  /** The level being served, and those that it has interrupted, one bit each. */
  private int level = IDLE_LEVEL;

  private int served;

  /** Makes a controller in its reset state. */
  public Pl190(InterruptLine irq, InterruptLine fiq) {
    this.irq = irq;
    this.fiq = fiq;
  }

  /**
   * Returns an input of the controller.
   *
   * @param number 0 to 31
   */
  public InterruptLine input(int number) {
    return raised -> {
      int before = inputs;
      inputs = raised ? inputs | 1 << number : inputs & ~(1 << number);
      if (inputs != before) {
        update();
      }
    };
  }

  private int pending() {
    return (inputs | soft) & enabled & ~fiqSelect;
  }

  /**
   * Returns the highest priority level that requests an interrupt: 0 the highest, {@link
   * #IDLE_LEVEL} for none.
   */
  private int requested() {
    int pending = pending();
    if (pending == 0) {
      return IDLE_LEVEL;
    }
    for (int i = 0; i < VECTORS; i++) {
      if ((control[i] & 0x20) != 0 && (pending >>> (control[i] & 31) & 1) != 0) {
        return i;
      }
    }
    return DEFAULT_LEVEL;
  }

  private void update() {
    irq.set(requested() < level);
    fiq.set(((inputs | soft) & enabled & fiqSelect) != 0);
  }

  @Override
  public int read(int offset, int size) {
    if (PrimeCellId.contains(offset)) {
      return ID.read(offset);
    }
    if (offset >= 0x100 && offset < 0x140) {
      return vector[(offset - 0x100) / 4];
    }
    if (offset >= 0x200 && offset < 0x240) {
      return control[(offset - 0x200) / 4];
    }
    return switch (offset) {
      case 0x00 -> pending();
      case 0x04 -> (inputs | soft) & enabled & fiqSelect;
      case 0x08 -> inputs | soft;
      case 0x0c -> fiqSelect;
      case 0x10 -> enabled;
      case 0x18 -> soft;
      case 0x20 -> protection;
      case 0x30 -> acknowledge();
      case 0x34 -> defaultVector;
      default -> 0;
    };
  }

  /** A read of the vector address: raises the served level and returns the handler's address. */
  private int acknowledge() {
    int next = requested();
    if (next >= level) {
      return next == IDLE_LEVEL || level == IDLE_LEVEL ? defaultVector : vectorOf(level);
    }
    served |= 1 << next;
    level = next;
    update();
    return vectorOf(next);
  }

  private int vectorOf(int ofLevel) {
    return ofLevel < VECTORS ? vector[ofLevel] : defaultVector;
  }

  @Override
  public void write(int offset, int value, int size) {
    if (offset >= 0x100 && offset < 0x140) {
      vector[(offset - 0x100) / 4] = value;
    } else if (offset >= 0x200 && offset < 0x240) {
      control[(offset - 0x200) / 4] = value & 0x3f;
    } else {
      switch (offset) {
        case 0x0c -> fiqSelect = value;
        case 0x10 -> enabled |= value;
        case 0x14 -> enabled &= ~value;
        case 0x18 -> soft |= value;
        case 0x1c -> soft &= ~value;
        case 0x20 -> protection = value & 1;
        case 0x30 -> {
          served &= ~(1 << level);
          level = served == 0 ? IDLE_LEVEL : Integer.numberOfTrailingZeros(served);
        }
        case 0x34 -> defaultVector = value;
        default -> {} // read only
      }
    }
    update();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int i = 0; i < VECTORS; i++) {
      out.writeInt(vector[i]);
      out.writeInt(control[i]);
    }
    for (int v :
        new int[] {inputs, soft, enabled, fiqSelect, protection, defaultVector, level, served}) {
      out.writeInt(v);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (int i = 0; i < VECTORS; i++) {
      vector[i] = in.readInt();
      control[i] = in.readInt();
    }
    inputs = in.readInt();
    soft = in.readInt();
    enabled = in.readInt();
    fiqSelect = in.readInt();
    protection = in.readInt();
    defaultVector = in.readInt();
    level = in.readInt();
    served = in.readInt();
    update();
  }
}
