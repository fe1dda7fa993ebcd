package org.curios.lab.gdb;

import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.machine.Machine;

/**
 * Guest memory by virtual address, regardless of access rights. CuriOS takes the page table of an
 * object out of the first-level table while the object has no domain; its memory is found through
 * its record then. Devices are not accessed, since a read can change them. To be used on the
 * machine's thread.
 */
final class GdbMemory {
  private static final int SECTION_SHIFT = 20;
  private static final int PAGE = 4096;
  private static final int SMALL_PAGE = 2;

  private final Guest guest;

  GdbMemory(Guest guest) {
    this.guest = guest;
  }

  /**
   * Reads bytes.
   *
   * @return the bytes up to the first one that is not in memory, at most {@code length}
   */
  byte[] read(Machine m, int address, int length) {
    byte[] bytes = new byte[length];
    int physical = -1;
    for (int i = 0; i < length; i++) {
      physical = next(m, address + i, physical);
      if (physical == -1) {
        return java.util.Arrays.copyOf(bytes, i);
      }
      bytes[i] = (byte) m.bus().read(physical, 1);
    }
    return bytes;
  }

  /** Writes bytes, all of which must be in memory. */
  void write(Machine m, int address, byte[] bytes) {
    int physical = -1;
    for (int i = 0; i < bytes.length; i++) {
      physical = next(m, address + i, physical);
      m.cpu().memory.patch(physical, bytes[i]);
    }
  }

  /** Translates an address that follows on one that was translated before, if not -1. */
  private int next(Machine m, int address, int before) {
    return before != -1 && (address & 1023) != 0 ? before + 1 : translate(m, address);
  }

  private int translate(Machine m, int address) {
    int physical = m.cpu().memory.physical(address);
    if (physical == -1 && guest.isCurios()) {
      physical = throughRecord(m, address);
    }
    return physical != -1 && m.bus().isRam(physical) ? physical : -1;
  }

  /** Translates by the page table of the object in whose MiB the address lies. */
  private int throughRecord(Machine m, int address) {
    Guest.View view = guest.at(m);
    for (Obj o : view.objects()) {
      if (isAround(view, o, address)) {
        int table = (int) o.struct().get("table");
        int entryAt = table + (address >>> 12 & 0xff) * 4;
        int entry = m.bus().isRam(entryAt) ? m.bus().read(entryAt, 4) : 0;
        return (entry & 3) == SMALL_PAGE ? entry & -PAGE | address & PAGE - 1 : -1;
      }
    }
    return -1;
  }

  /** An object's methods, and the stacks of the threads inside, lie in its MiB. */
  private static boolean isAround(Guest.View view, Obj o, int address) {
    int section = address >>> SECTION_SHIFT;
    for (int method : view.methods(o)) {
      if (method >>> SECTION_SHIFT == section) {
        return true;
      }
    }
    for (Struct t : view.threads()) {
      int end = Math.min((int) t.get("frame") + 1, t.address() + view.size("Thread"));
      for (int at = t.addressOf("frames"); at < end; at += view.size("Frame")) {
        Struct frame = view.structure("Frame", at);
        if ((int) frame.get("object") == o.struct().address()
            && (int) frame.get("sp") >>> SECTION_SHIFT == section) {
          return true;
        }
      }
    }
    return false;
  }
}
