package org.curios.machine.device;

import org.curios.arm.BusError;

/** Memory from address 0, and nothing else. */
final class FlatMemory implements BusMaster {
  private final byte[] bytes;

  FlatMemory(int size) {
    bytes = new byte[size];
  }

  @Override
  public int read(int address, int size) {
    int value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[at(address + i)] & 0xff) << 8 * i;
    }
    return value;
  }

  @Override
  public void write(int address, int value, int size) {
    for (int i = 0; i < size; i++) {
      bytes[at(address + i)] = (byte) (value >>> 8 * i);
    }
  }

  private int at(int address) {
    if (address < 0 || address >= bytes.length) {
      throw BusError.INSTANCE;
    }
    return address;
  }
}
