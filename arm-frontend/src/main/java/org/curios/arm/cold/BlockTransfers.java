package org.curios.arm.cold;

import static org.curios.arm.cold.WordOperands.*;

import org.curios.arm.bus.HostMemory;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;

/** LDM and STM where all words are in memory with a fast path (ARM DDI 0100, A4.1.20, A4.1.97). */
final class BlockTransfers {
  private BlockTransfers() {}

  static int load(Cpu cpu, int word, int next) {
    int list = word & 0xffff;
    int rn = word >>> 16 & 15;
    int bytes = 4 * Integer.bitCount(list);
    int base = cpu.number(rn);
    int address = base + lowest(word, bytes);
    if (rn == PC || list == 0) {
      return BY_NODE;
    }
    if (!Memory.isFastBlock(cpu.entries, address, address + bytes - 4)) {
      return loadEach(cpu, word, next, address);
    }
    long from = cpu.memory.fastAddress(cpu.entries, address);
    for (int left = list & 0x7fff; left != 0; left &= left - 1) {
      cpu.setNumber(Integer.numberOfTrailingZeros(left), HostMemory.getInt(from));
      from += 4;
    }
    if ((list >>> rn & 1) == 0) {
      stepBase(cpu, word, base, bytes);
    }
    return list >>> PC == 0 ? next : exchange(HostMemory.getInt(from), next);
  }

  static int store(Cpu cpu, int word, int next) {
    int list = word & 0xffff;
    int rn = word >>> 16 & 15;
    int bytes = 4 * Integer.bitCount(list);
    int base = cpu.number(rn);
    int address = base + lowest(word, bytes);
    long table = cpu.stores(false);
    if (rn == PC || list == 0) {
      return BY_NODE;
    }
    if (!Memory.isFastBlock(table, address, address + bytes - 4)) {
      return storeEach(cpu, word, next, address);
    }
    long to = cpu.memory.fastAddress(table, address);
    for (int left = list & 0x7fff; left != 0; left &= left - 1) {
      HostMemory.putInt(to, cpu.number(Integer.numberOfTrailingZeros(left)));
      to += 4;
    }
    if (list >>> PC != 0) {
      HostMemory.putInt(to, next + 8);
    }
    stepBase(cpu, word, base, bytes);
    return next;
  }

  /** Returns whether words in two granules have a fast path; these may be anywhere in RAM. */
  private static boolean areFast(long table, int first, int last) {
    return Memory.isFast(table, first, 4) && Memory.isFast(table, last, 4);
  }

  /** Loads words that are in two pages. */
  private static int loadEach(Cpu cpu, int word, int next, int address) {
    int list = word & 0xffff;
    int bytes = 4 * Integer.bitCount(list);
    if (list >>> PC != 0 || !areFast(cpu.entries, address, address + bytes - 4)) {
      return BY_NODE;
    }
    int rn = word >>> 16 & 15;
    int base = cpu.number(rn);
    int at = address;
    for (int left = list; left != 0; left &= left - 1) {
      cpu.setNumber(Integer.numberOfTrailingZeros(left), cpu.memory.fastInt(cpu.entries, at));
      at += 4;
    }
    if ((list >>> rn & 1) == 0) {
      stepBase(cpu, word, base, bytes);
    }
    return next;
  }

  /** Stores words that are in two pages. */
  private static int storeEach(Cpu cpu, int word, int next, int address) {
    int list = word & 0xffff;
    int bytes = 4 * Integer.bitCount(list);
    long table = cpu.stores(false);
    if (list >>> PC != 0 || !areFast(table, address, address + bytes - 4)) {
      return BY_NODE;
    }
    int base = cpu.number(word >>> 16 & 15);
    int at = address;
    for (int left = list; left != 0; left &= left - 1) {
      int value = cpu.number(Integer.numberOfTrailingZeros(left));
      HostMemory.putInt(cpu.memory.fastAddress(table, at), value);
      at += 4;
    }
    stepBase(cpu, word, base, bytes);
    return next;
  }
}
