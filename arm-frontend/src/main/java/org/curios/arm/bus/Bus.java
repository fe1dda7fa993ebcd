package org.curios.arm.bus;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The physical address space: RAM from address 0, devices by ranges, and nothing elsewhere. */
public final class Bus {
  public static final int GRANULE_SHIFT = 10;

  /** Bytes in a granule, which is the smallest page of the architecture (a tiny page). */
  public static final int GRANULE = 1 << GRANULE_SHIFT;

  /** Maximum bytes of RAM: the devices of the VersatilePB begin after it (ARM DUI 0224, 4.1). */
  public static final int MAX_RAM = 256 << 20;

  /** A device and the addresses at which it answers. */
  private record Mapping(int base, int size, Device device) {
    boolean contains(int address) {
      return Integer.compareUnsigned(address - base, size) < 0;
    }
  }

  /** Host address of the first byte of RAM. */
  public final long ram;

  private final int ramSize;

  /** Receives each access to RAM through the bus; null for none. */
  private AccessListener listener;

  /** Receives accesses to RAM. */
  @FunctionalInterface
  public interface AccessListener {
    /**
     * Takes an access.
     *
     * @param physical offset of its first byte in RAM, aligned to its size
     * @param bytes 1, 2 or 4
     * @param store whether it has written them
     */
    void accessed(int physical, int bytes, boolean store);
  }

  /** A hash of the values read from devices since it was last taken. */
  public int deviceValues;

  /** A bit for each granule of RAM. */
  private final long[] dirty;

  private final List<Mapping> devices = new ArrayList<>();
  private Mapping last = new Mapping(0, 0, null);

  /** The device at all other addresses; null for none. */
  private Mapping elsewhere;

  /**
   * Makes a bus with RAM only.
   *
   * @param arena owner of the RAM
   * @param ramSize bytes, a multiple of 1 KiB up to {@link #MAX_RAM}
   */
  public Bus(Arena arena, int ramSize) {
    if (ramSize <= 0 || ramSize > MAX_RAM || ramSize % GRANULE != 0) {
      throw new IllegalArgumentException(
          "RAM of " + ramSize + " bytes: give a multiple of 1 KiB up to 256 MiB");
    }
    this.ram = HostMemory.allocate(arena, ramSize);
    this.ramSize = ramSize;
    this.dirty = new long[ramSize / GRANULE / Long.SIZE + 1];
  }

  /** Returns the size of RAM in bytes. */
  public int ramSize() {
    return ramSize;
  }

  /** Adds a device at a range of addresses that is free. */
  public void map(int base, int size, Device device) {
    for (Mapping m : devices) {
      if (m.contains(base) || m.contains(base + size - 1)) {
        throw new IllegalArgumentException(
            "device range %08x+%x overlaps %08x+%x".formatted(base, size, m.base, m.size));
      }
    }
    devices.add(new Mapping(base, size, device));
    devices.sort(Comparator.comparingLong(m -> m.base & 0xffffffffL));
  }

  /** Sets the device for addresses with neither RAM nor another device. */
  public void answerElsewhere(Device device) {
    elsewhere = new Mapping(0, 0, device);
  }

  /** Sets an observer of accesses to RAM by the slow path; null for none. */
  public void listen(AccessListener to) {
    listener = to;
  }

  /** Returns whether there is an observer of accesses. */
  public boolean isListened() {
    return listener != null;
  }

  /** Returns whether the byte at a physical address is RAM. */
  public boolean isRam(int address) {
    return Integer.compareUnsigned(address, ramSize) < 0;
  }

  /**
   * Reads 1, 2 or 4 bytes at a physical address aligned to the size; zero-extended.
   *
   * @throws BusError when nothing answers there
   */
  public int read(int address, int size) {
    if (isRam(address)) {
      if (listener != null) {
        listener.accessed(address, size, false);
      }
      return switch (size) {
        case 1 -> HostMemory.getByte(ram + address) & 0xff;
        case 2 -> HostMemory.getShort(ram + address) & 0xffff;
        default -> HostMemory.getInt(ram + address);
      };
    }
    Mapping m = find(address);
    int value = m.device.read(address - m.base, size);
    deviceValues = 31 * deviceValues + value;
    return value;
  }

  /**
   * Writes 1, 2 or 4 bytes at a physical address aligned to the size.
   *
   * @throws BusError when nothing answers there
   */
  public void write(int address, int value, int size) {
    if (isRam(address)) {
      markDirty(address);
      if (listener != null) {
        listener.accessed(address, size, true);
      }
      switch (size) {
        case 1 -> HostMemory.putByte(ram + address, (byte) value);
        case 2 -> HostMemory.putShort(ram + address, (short) value);
        default -> HostMemory.putInt(ram + address, value);
      }
      return;
    }
    Mapping m = find(address);
    m.device.write(address - m.base, value, size);
  }

  /** Records that a granule of RAM will be written. */
  public void markDirty(int address) {
    int granule = address / GRANULE;
    dirty[granule >>> 6] |= 1L << granule;
  }

  /** Returns whether the granule at an address in RAM has been written, see {@link #markDirty}. */
  public boolean isDirty(int address) {
    int granule = address >>> GRANULE_SHIFT;
    return (dirty[granule >>> 6] >>> granule & 1) != 0;
  }

  /**
   * Returns the numbers of the granules of RAM that may have been written since {@link
   * #forgetDirty}; all others have not been written.
   */
  public BitSet dirtyGranules() {
    return BitSet.valueOf(dirty);
  }

  /** Forgets which granules were written; code with a fast path for stores must report again. */
  public void forgetDirty() {
    Arrays.fill(dirty, 0);
  }

  /** Returns a hash of all of RAM. */
  public long digest() {
    long digest = 1;
    for (long at = ram; at < ram + ramSize; at += Long.BYTES) {
      digest = 31 * digest + HostMemory.getLong(at);
    }
    return digest;
  }

  /** Copies a granule of RAM. */
  public byte[] granule(int number) {
    byte[] bytes = new byte[GRANULE];
    HostMemory.copyOut(ram + (long) number * GRANULE, bytes);
    return bytes;
  }

  /** Returns whether a granule of RAM has the given content. */
  public boolean holds(int number, byte[] bytes) {
    return HostMemory.isSame(ram + (long) number * GRANULE, bytes);
  }

  private Mapping find(int address) {
    if (last.contains(address)) {
      return last;
    }
    for (Mapping m : devices) {
      if (m.contains(address)) {
        last = m;
        return m;
      }
    }
    if (elsewhere != null) {
      return elsewhere;
    }
    throw BusError.INSTANCE;
  }
}
