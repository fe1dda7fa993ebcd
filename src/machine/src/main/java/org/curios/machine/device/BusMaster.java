package org.curios.machine.device;

/** The physical address space as seen by a device that is a bus master. */
public interface BusMaster {
  /**
   * Reads 1, 2 or 4 bytes at an address aligned to the size; zero-extended.
   *
   * @throws org.curios.arm.bus.BusError when nothing answers there
   */
  int read(int address, int size);

  /**
   * Writes 1, 2 or 4 bytes at an address aligned to the size.
   *
   * @throws org.curios.arm.bus.BusError when nothing answers there
   */
  void write(int address, int value, int size);
}
