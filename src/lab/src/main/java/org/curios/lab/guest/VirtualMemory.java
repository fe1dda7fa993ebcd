package org.curios.lab.guest;

import org.curios.lab.LabException;
import org.curios.machine.Machine;

/** Guest memory at virtual addresses, regardless of rights, with no effect on the guest. */
public final class VirtualMemory {
  private VirtualMemory() {}

  /**
   * Reads 1 to 8 bytes, the lowest first.
   *
   * @return the value, zero-extended; -1 if not all of it is RAM (and for 8 bytes of ones)
   */
  public static long read(Machine m, int address, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      int physical = m.cpu().memory.physical(address + i);
      if (physical == -1 || !m.bus().isRam(physical)) {
        return -1;
      }
      value |= (long) m.bus().read(physical, 1) << 8 * i;
    }
    return value;
  }

  /**
   * Writes bytes, the lowest first; code made of them is dropped.
   *
   * @throws LabException if not all of it is RAM; then nothing is written
   */
  public static void write(Machine m, int address, long value, int bytes) {
    if (read(m, address, bytes) < 0 && bytes < 8) {
      throw new LabException("there is no memory at %08x".formatted(address));
    }
    for (int i = 0; i < bytes; i++) {
      m.cpu().memory.patch(m.cpu().memory.physical(address + i), (int) (value >>> 8 * i & 0xff));
    }
  }
}
