package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.Stateful;

/**
 * A device that consists only of registers: each keeps what is written to its writable bits,
 * without further effect. Other addresses read 0.
 */
public final class RegisterBank implements Device, Stateful {
  private static final int WORDS = 0x1000 / 4;

  private final PrimeCellId id;
  private final int[] writable = new int[WORDS];
  private final int[] reset = new int[WORDS];
  private int[] values = new int[WORDS];

  /**
   * Makes a bank without registers.
   *
   * @param id identification, or null for a device that is no PrimeCell
   */
  public RegisterBank(PrimeCellId id) {
    this.id = id;
  }

  /**
   * Adds a register.
   *
   * @param offset bytes from the base
   * @param writableBits the writable bits
   * @param resetValue value at reset
   */
  public RegisterBank with(int offset, int writableBits, int resetValue) {
    writable[offset / 4] = writableBits;
    reset[offset / 4] = resetValue;
    values[offset / 4] = resetValue;
    return this;
  }

  @Override
  public int read(int offset, int size) {
    return id != null && PrimeCellId.contains(offset) ? id.read(offset) : values[offset / 4];
  }

  @Override
  public void write(int offset, int value, int size) {
    int word = offset / 4;
    values[word] = values[word] & ~writable[word] | value & writable[word];
  }

  /** Words that differ from their reset values. */
  @Override
  public void save(DataOutput out) throws IOException {
    for (int i = 0; i < WORDS; i++) {
      if (values[i] != reset[i]) {
        out.writeShort(i);
        out.writeInt(values[i]);
      }
    }
    out.writeShort(-1);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    values = Arrays.copyOf(reset, WORDS);
    for (int i = in.readShort(); i >= 0; i = in.readShort()) {
      values[i] = in.readInt();
    }
  }
}
