package org.curios.arm.bus;

/**
 * A range of physical addresses that is not memory: every access has its own effect and takes the
 * slow path.
 */
public interface Device {
  /**
   * Reads from the device.
   *
   * @param offset bytes from the device's base address
   * @param size bytes: 1, 2 or 4
   * @return the value, zero-extended
   * @throws BusError when nothing answers at the offset
   */
  int read(int offset, int size);

  /**
   * Writes to the device.
   *
   * @param offset bytes from the device's base address
   * @param value the value in its low {@code size} bytes; higher bits are to be ignored
   * @param size bytes: 1, 2 or 4
   * @throws BusError when nothing answers at the offset
   */
  void write(int offset, int value, int size);
}
