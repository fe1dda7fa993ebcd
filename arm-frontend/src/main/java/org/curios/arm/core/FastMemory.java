package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.HostMemory;

/**
 * The fast paths of loads and stores, which are part of all compiled code: one look at an entry of
 * a table, and one access. An access whose entry is the one that is expected needs nothing of the
 * entry but the comparison, so that the host begins it before it has the entry: its branch
 * prediction stands for the table.
 */
abstract class FastMemory {
  /** Probability that an access takes the fast path, for the compiler. */
  public static final double LIKELY = 0.9999;

  /**
   * What no entry is, nor its sum with the address of a granule: there are 0, odd ones, and those
   * of flushed pages, which leave a remainder of 2.
   */
  public static final int NO_ENTRY = 4;

  final Cpu cpu;
  final Bus bus;
  private final long ramBias;

  /** The entry that most accesses find, and the host address of guest address 0 by it. */
  private int usualEntry = NO_ENTRY;

  private long usualBase;

  FastMemory(Cpu cpu) {
    this.cpu = cpu;
    this.bus = cpu.bus;
    this.ramBias = bus.ram - 1;
  }

  /** Returns the entry of the granule of an address, see {@link TranslationTable}. */
  public static int entry(long table, int address) {
    return HostMemory.getInt(table + TranslationTable.at(address));
  }

  /** Returns the base to which an entry and its guest address are added to get the host address. */
  public final long bias() {
    return ramBias;
  }

  private long host(int entry, int address) {
    return ramBias + (entry + address & 0xffffffffL);
  }

  /** Returns whether a load or store by a table takes the fast path: aligned, permitted, in RAM. */
  public static boolean isFast(long table, int address, int size) {
    return (entry(table, address) & 1) != 0 && (address & size - 1) == 0;
  }

  /**
   * Returns whether words take the fast path and are consecutive in RAM.
   *
   * @param first address of the first word
   * @param last address of the last word, at most a granule higher
   */
  public static boolean isFastBlock(long table, int first, int last) {
    int entry = entry(table, first);
    return (entry & 1) != 0 && (first & 3) == 0 && entry == entry(table, last);
  }

  /**
   * Expects accesses by the entry of a granule, so that compiled code can begin them before it has
   * their entries. Nothing is expected if that entry is not valid, or if addresses that it may
   * stand for wrap around.
   *
   * @param address an address in the granule
   */
  public final void expect(int address) {
    int entry = entry(cpu.entries, address);
    if (entry != usualEntry) {
      long ramAt = Integer.toUnsignedLong(1 - entry);
      boolean isUsable = (entry & 1) != 0 && ramAt + Bus.MAX_RAM <= 1L << 32;
      usualEntry = isUsable ? entry : NO_ENTRY;
      usualBase = bus.ram - ramAt;
    }
  }

  /** Returns the entry that is expected; {@link #NO_ENTRY} for none. */
  public final int usualEntry() {
    return usualEntry;
  }

  /** Returns the host address of guest address 0 by that entry. */
  public final long usualBase() {
    return usualBase;
  }

  private boolean isUsual(int entry) {
    return CompilerDirectives.injectBranchProbability(LIKELY, entry == usualEntry);
  }

  private long usual(int address) {
    return usualBase + (address & 0xffffffffL);
  }

  /** Returns the host address of a guest address where {@link #isFast} said so. */
  public final long fastAddress(long table, int address) {
    return host(entry(table, address), address);
  }

  /** Loads a word where {@link #isFast} said so. */
  public final int fastInt(long table, int address) {
    int entry = entry(table, address);
    return isUsual(entry)
        ? HostMemory.getInt(usual(address))
        : HostMemory.getInt(host(entry, address));
  }

  /** Loads a byte, zero-extended, where {@link #isFast} said so. */
  public final int fastByte(long table, int address) {
    int entry = entry(table, address);
    return isUsual(entry)
        ? HostMemory.getByte(usual(address)) & 0xff
        : HostMemory.getByte(host(entry, address)) & 0xff;
  }

  /** Loads a halfword, zero-extended, where {@link #isFast} said so. */
  public final int fastShort(long table, int address) {
    int entry = entry(table, address);
    return isUsual(entry)
        ? HostMemory.getShort(usual(address)) & 0xffff
        : HostMemory.getShort(host(entry, address)) & 0xffff;
  }

  /** Stores a word where {@link #isFast} said so. */
  public final void fastPutInt(long table, int address, int value) {
    int entry = entry(table, address);
    if (isUsual(entry)) {
      HostMemory.putInt(usual(address), value);
    } else {
      HostMemory.putInt(host(entry, address), value);
    }
  }

  /** Stores a byte where {@link #isFast} said so. */
  public final void fastPutByte(long table, int address, int value) {
    int entry = entry(table, address);
    if (isUsual(entry)) {
      HostMemory.putByte(usual(address), (byte) value);
    } else {
      HostMemory.putByte(host(entry, address), (byte) value);
    }
  }

  /** Stores a halfword where {@link #isFast} said so. */
  public final void fastPutShort(long table, int address, int value) {
    int entry = entry(table, address);
    if (isUsual(entry)) {
      HostMemory.putShort(usual(address), (short) value);
    } else {
      HostMemory.putShort(host(entry, address), (short) value);
    }
  }
}
