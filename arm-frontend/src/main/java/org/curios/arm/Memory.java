package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;

/**
 * Guest memory as instructions see it: the fast paths that are compiled into every load and store,
 * and the slow paths behind them for misses, devices, faults and stores into translated code.
 */
public final class Memory {
  /** Probability that an access takes the fast path, for the compiler. */
  public static final double LIKELY = 0.9999;

  /** Size of a small page as a power of two. */
  private static final int SMALL = 12;

  /** Permission bits of a page that all may read and write. */
  private static final int ALL = 3;

  /** Those of a page that user mode may read only. */
  private static final int READ_BY_USER = 2;

  private final Cpu cpu;
  private final Bus bus;
  private final Mmu mmu;
  private final long ramBias;

  /** Whether the last access by the slow path was a store. */
  private boolean storing;

  Memory(Cpu cpu) {
    this.cpu = cpu;
    this.bus = cpu.bus;
    this.mmu = new Mmu(bus, cpu.cp15);
    this.watches = new Watches(cpu);
    this.ramBias = bus.ram - 1;
  }

  // ---- fast paths, part of compiled code

  private static int entry(long table, int address) {
    return HostMemory.getInt(table + TranslationTable.at(address));
  }

  private long host(int entry, int address) {
    return ramBias + (entry + address & 0xffffffffL);
  }

  /** Returns whether a load or store by a table takes the fast path: aligned, permitted, in RAM. */
  public static boolean isFast(long table, int address, int size) {
    return (entry(table, address) & 1) != 0 && (address & size - 1) == 0;
  }

  /**
   * Returns whether words take the fast path and lie one after the other in RAM.
   *
   * @param first address of the first word
   * @param last address of the last word, at most a granule behind
   */
  public static boolean isFastBlock(long table, int first, int last) {
    int entry = entry(table, first);
    return (entry & 1) != 0 && (first & 3) == 0 && entry == entry(table, last);
  }

  /** Returns the host address of a guest address where {@link #isFast} said so. */
  public long fastAddress(long table, int address) {
    return host(entry(table, address), address);
  }

  /** Loads a word where {@link #isFast} said so. */
  public int fastInt(long table, int address) {
    return HostMemory.getInt(host(entry(table, address), address));
  }

  /** Loads a byte, zero-extended, where {@link #isFast} said so. */
  public int fastByte(long table, int address) {
    return HostMemory.getByte(host(entry(table, address), address)) & 0xff;
  }

  /** Loads a halfword, zero-extended, where {@link #isFast} said so. */
  public int fastShort(long table, int address) {
    return HostMemory.getShort(host(entry(table, address), address)) & 0xffff;
  }

  /** Stores a word where {@link #isFast} said so. */
  public void fastPutInt(long table, int address, int value) {
    HostMemory.putInt(host(entry(table, address), address), value);
  }

  /** Stores a byte where {@link #isFast} said so. */
  public void fastPutByte(long table, int address, int value) {
    HostMemory.putByte(host(entry(table, address), address), (byte) value);
  }

  /** Stores a halfword where {@link #isFast} said so. */
  public void fastPutShort(long table, int address, int value) {
    HostMemory.putShort(host(entry(table, address), address), (short) value);
  }

  // ---- refills, part of compiled code where misses are frequent

  /**
   * Fills the entry of a page anew that was flushed alone, as it is done for a page that is granted
   * and revoked time and again. Only the usual case: a small page in RAM whose entry was there
   * before, and which nothing watches.
   *
   * @param table the table of the access, for loads or for stores
   * @return whether the access may take the fast path now; if not, nothing has happened
   */
  public boolean refill(long table, int address, int size, boolean store, boolean asUser) {
    long at = TranslationTable.at(address);
    Cp15 cp15 = cpu.cp15;
    if (!TranslationTable.isStale(HostMemory.getInt(table + at), SMALL)
        || (address & size - 1) != 0
        || !watches.isEmpty()
        || !cp15.mmuEnabled()) {
      return false;
    }
    int mva = cp15.modified(address);
    int first = cp15.translationTableBase() & 0xffffc000 | mva >>> 20 << 2;
    int coarse = bus.isRam(first) ? HostMemory.getInt(bus.ram + first) : 0;
    int second = coarse & 0xfffffc00 | (mva >>> 12 & 0xff) << 2;
    int page = (coarse & 3) == 1 && bus.isRam(second) ? HostMemory.getInt(bus.ram + second) : 0;
    int physical = page & 0xfffff000 | mva & 0xfff;
    if ((page & 3) != 2 || !bus.isRam(physical)) {
      return false;
    }
    boolean privilege = cpu.isPrivileged() && !asUser;
    int domain = cp15.domainAccess() >>> 2 * (coarse >>> 5 & 15) & 3;
    int permission = domain == 3 ? ALL : domain == 1 ? page >>> 4 + 2 * (mva >>> 10 & 3) & 3 : 0;
    boolean stores = !cpu.code.contains(physical);
    if (!permits(permission, privilege, store) || store && !stores) {
      return false;
    }
    if (stores && permits(permission, true, true)) {
      bus.markDirty(physical);
    }
    int entry = (physical & -Bus.GRANULE) - (address & -Bus.GRANULE) + 1;
    cpu.spaces.use(address, table);
    long base = table + at - (store ? TranslationTable.STORES : 0);
    put(base, entry, permission, privilege, stores);
    long other = privilege ? base + TranslationTable.BYTES : base - TranslationTable.BYTES;
    if (TranslationTable.isStale(HostMemory.getInt(other), SMALL)) {
      put(other, entry, permission, !privilege, stores);
    }
    return true;
  }

  private static void put(long at, int entry, int permission, boolean privilege, boolean stores) {
    if (permits(permission, privilege, false)) {
      HostMemory.putInt(at, entry);
    }
    if (stores && permits(permission, privilege, true)) {
      HostMemory.putInt(at + TranslationTable.STORES, entry);
    }
  }

  /** What the permission bits of a page allow (ARM DDI 0100, B3.7), without the S and R bits. */
  private static boolean permits(int permission, boolean privilege, boolean store) {
    return permission == ALL
        || permission != 0 && privilege
        || permission == READ_BY_USER && !store;
  }

  // ---- slow paths; each sets cpu.outcome

  /**
   * Loads by the slow path.
   *
   * @param pc address of the instruction with the T bit
   * @param remaining instructions of the block from this one on
   * @param size bytes: 1, 2, 4; 8 for one half of a doubleword, whose alignment is checked as such
   * @return the value, zero-extended; a misaligned word comes rotated as ARMv5 does it
   */
  @TruffleBoundary
  public int load(int pc, int remaining, int address, int size, boolean asUser) {
    storing = false;
    cpu.outcome = Cpu.DONE;
    cpu.recurring = false;
    cpu.remaining = remaining;
    if ((address & size - 1) != 0 && cpu.cp15.checksAlignment()) {
      return abort(pc, remaining, Mmu.ALIGNMENT, cpu.cp15.modified(address));
    }
    int bytes = Math.min(size, 4);
    int mva = cpu.cp15.modified(address & -bytes);
    boolean privilege = cpu.isPrivileged() && !asUser;
    if (!mmu.walk(mva, privilege, false)) {
      return abort(pc, remaining, mmu.status, cpu.cp15.modified(address));
    }
    int value;
    if (bus.isRam(mmu.physical)) {
      if (watches.holds(pc, remaining, address & -bytes, size, false)) {
        return 0;
      }
      fill(address, privilege);
      value = bus.read(mmu.physical, bytes);
      watches.note(address, bytes, false);
    } else {
      cpu.recurring = true;
      try {
        value = bus.read(mmu.physical, bytes);
      } catch (BusError e) {
        return abort(pc, remaining, externalStatus(), cpu.cp15.modified(address));
      } catch (GuestExit e) {
        cpu.requestExit(e);
        value = 0;
      }
      leaveIfAsked();
    }
    cpu.remaining = 0;
    return bytes == 4 ? Integer.rotateRight(value, (address & 3) * 8) : value;
  }

  /**
   * Stores by the slow path; a misaligned address is rounded down as ARMv5 does it. Parameters as
   * {@link #load}.
   */
  @TruffleBoundary
  public void store(int pc, int remaining, int address, int value, int size, boolean asUser) {
    storing = true;
    cpu.outcome = Cpu.DONE;
    cpu.recurring = false;
    cpu.remaining = remaining;
    if ((address & size - 1) != 0 && cpu.cp15.checksAlignment()) {
      abort(pc, remaining, Mmu.ALIGNMENT, cpu.cp15.modified(address));
      return;
    }
    int bytes = Math.min(size, 4);
    int mva = cpu.cp15.modified(address & -bytes);
    boolean privilege = cpu.isPrivileged() && !asUser;
    if (!mmu.walk(mva, privilege, true)) {
      abort(pc, remaining, mmu.status, cpu.cp15.modified(address));
      return;
    }
    int physical = mmu.physical;
    if (bus.isRam(physical)) {
      if (watches.holds(pc, remaining, address & -bytes, size, true)) {
        return;
      }
      fill(address, privilege);
      bus.write(physical, value, bytes);
      if (cpu.code.stored(physical, bytes)) {
        cpu.outcome = Cpu.LEAVE;
      }
      watches.note(address, bytes, true);
    } else {
      cpu.recurring = true;
      try {
        bus.write(physical, value, bytes);
      } catch (BusError e) {
        abort(pc, remaining, externalStatus(), cpu.cp15.modified(address));
        return;
      } catch (GuestExit e) {
        cpu.requestExit(e);
      }
      leaveIfAsked();
    }
    cpu.remaining = 0;
  }

  /** Returns whether the access that has aborted last was a store. */
  public boolean lastWasStore() {
    return storing;
  }

  private int externalStatus() {
    return mmu.domain << 4 | (mmu.shift == 20 ? Mmu.EXTERNAL_SECTION : Mmu.EXTERNAL_PAGE);
  }

  private void leaveIfAsked() {
    if (cpu.attention) {
      cpu.outcome = Cpu.LEAVE;
    }
  }

  private int abort(int pc, int remaining, int status, int address) {
    cpu.cp15.dataAbort(status, address);
    cpu.account(remaining);
    cpu.pc = pc;
    cpu.enter(GuestException.DATA_ABORT, (pc & ~1) + 8);
    cpu.outcome = Cpu.ABORTED;
    return 0;
  }

  private void fill(int address, boolean privilege) {
    boolean readable = mmu.readable && !watches.inGranule(address, false);
    boolean writable =
        mmu.writable && !cpu.code.contains(mmu.physical) && !watches.inGranule(address, true);
    if (writable) {
      bus.markDirty(mmu.physical);
    }
    cpu.recurring |=
        cpu.spaces.table(privilege).fill(address, mmu.physical, readable, writable, mmu.shift);
  }

  // ---- watchpoints

  /**
   * A range of virtual addresses whose accesses stop the run.
   *
   * @param address first byte
   * @param bytes how many
   * @param loads whether loads stop it
   * @param stores whether stores do
   * @param before whether it stops before the instruction instead of behind it
   */
  public record Watch(int address, int bytes, boolean loads, boolean stores, boolean before) {
    /** A range that stops the run behind the instruction that touches it. */
    public Watch(int address, int bytes, boolean loads, boolean stores) {
      this(address, bytes, loads, stores, false);
    }

    boolean touches(int from, int length, boolean store) {
      return (store ? stores : loads) && overlaps(from, length);
    }

    private boolean overlaps(int from, int length) {
      return Integer.compareUnsigned(from - address, bytes) < 0
          || Integer.compareUnsigned(address - from, length) < 0;
    }
  }

  private final Watches watches;

  /** Watches a range: the run stops at the instruction that touches it. */
  public void watch(Watch watch) {
    watches.add(watch);
    cpu.spaces.flush();
  }

  /** Watches a range no more. */
  public void unwatch(Watch watch) {
    watches.remove(watch);
    cpu.spaces.flush();
  }

  /** Returns what was touched last; null for nothing yet. */
  public Watch lastHit() {
    return watches.lastHit();
  }

  /** Returns what tells of accesses to watched ranges. */
  public Watches watches() {
    return watches;
  }

  // ---- instruction fetch

  /**
   * Translates an address for instruction fetch in the present mode. As long as the table has an
   * entry it is that which counts, wherever code runs.
   *
   * @return the physical address, or -1 with {@link #fetchStatus} saying why not
   */
  int fetch(int address) {
    if (isFast(cpu.entries, address, 2)) {
      cpu.table.noteFetch(address);
      return (int) (fastAddress(cpu.entries, address) - bus.ram);
    }
    if (!mmu.walk(cpu.cp15.modified(address), cpu.isPrivileged(), false)) {
      return -1;
    }
    if (!bus.isRam(mmu.physical)) {
      mmu.status = externalStatus();
      return -1;
    }
    cpu.table.noteFetch(address, mmu.shift);
    return mmu.physical;
  }

  /** The same for an instruction that is about to run: the table has an entry afterwards. */
  int fetchFilling(int address) {
    boolean has = isFast(cpu.entries, address, 2);
    int physical = fetch(address);
    if (!has && physical >= 0 && mmu.readable && !watches.inGranule(address, false)) {
      cpu.table.fill(address, physical, true, false, mmu.shift);
    }
    return physical;
  }

  /** Returns who may fetch at an address: 1 for the privileged modes, 2 for user mode, added up. */
  int rights(int address) {
    int mva = cpu.cp15.modified(address & ~1);
    return (mmu.walk(mva, true, false) ? 1 : 0) | (mmu.walk(mva, false, false) ? 2 : 0);
  }

  int fetchStatus() {
    return mmu.status;
  }

  // ---- for debuggers and semihosting

  /**
   * Reads a byte at a virtual address as the privileged mode sees it, with no effect on the guest;
   * devices are not touched.
   *
   * @return the byte, or -1 if there is no RAM there
   */
  @TruffleBoundary
  public int peek(int address) {
    if (!mmu.walk(cpu.cp15.modified(address), true, false) || !bus.isRam(mmu.physical)) {
      return -1;
    }
    return bus.read(mmu.physical, 1);
  }

  /**
   * Translates a virtual address whatever the rights: for debuggers, with no effect on the guest.
   *
   * @return the physical address, or -1 if the tables lead nowhere
   */
  @TruffleBoundary
  public int physical(int address) {
    boolean permitted = mmu.walk(cpu.cp15.modified(address), true, false);
    return permitted || Mmu.isTranslated(mmu.status) ? mmu.physical : -1;
  }

  /**
   * Writes a byte at a virtual address as the privileged mode sees it; returns false if there is no
   * RAM there.
   */
  @TruffleBoundary
  public boolean poke(int address, int value) {
    if (!mmu.walk(cpu.cp15.modified(address), true, false) || !bus.isRam(mmu.physical)) {
      return false;
    }
    int physical = mmu.physical;
    bus.write(physical, value, 1);
    cpu.code.stored(physical, 1);
    return true;
  }

  /**
   * Writes a byte of RAM at a physical address whatever the rights: for debuggers. Code made of the
   * old byte goes.
   */
  @TruffleBoundary
  public void patch(int physical, int value) {
    bus.write(physical, value, 1);
    cpu.code.stored(physical, 1);
  }

  /** Returns the bytes of RAM. */
  public int ramSize() {
    return bus.ramSize();
  }

  /**
   * Reads a byte of RAM whatever the rights.
   *
   * @param virtual whether the address is a virtual one
   * @return the byte, or -1 if there is no RAM there
   */
  @TruffleBoundary
  public int inspect(int address, boolean virtual) {
    int physical = virtual ? physical(address) : address;
    return bus.isRam(physical) ? bus.read(physical, 1) : -1;
  }

  /** Writes a byte of RAM whatever the rights; nothing happens if there is none. */
  @TruffleBoundary
  public void alter(int address, boolean virtual, int value) {
    int physical = virtual ? physical(address) : address;
    if (bus.isRam(physical)) {
      bus.write(physical, value, 1);
      cpu.code.stored(physical, 1);
    }
  }
}
