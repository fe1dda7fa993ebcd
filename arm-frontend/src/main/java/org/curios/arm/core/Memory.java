package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.BusError;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.HostMemory;

/**
 * Guest memory as instructions see it: to the fast paths this adds the slow paths for misses,
 * devices, faults and stores into translated code.
 */
public final class Memory extends FastMemory {
  private final Mmu mmu;

  /** Whether the last access by the slow path was a store. */
  private boolean storing;

  Memory(Cpu cpu) {
    super(cpu);
    this.mmu = new Mmu(bus, cpu.cp15);
    this.watches = new Watches(cpu);
  }

  // ---- refills, part of compiled code where misses are frequent

  /**
   * Refills the entry of a page that was flushed individually, such as a page that is granted and
   * revoked repeatedly. Handles only the usual case: a small page in RAM with a previous entry,
   * with permissions, and without watches.
   *
   * @param table the table of the access, for loads or for stores
   * @return whether the access may take the fast path now; if not, nothing has changed
   */
  public boolean refill(long table, int address, int size, boolean store, boolean asUser) {
    long at = TranslationTable.at(address);
    Cp15 cp15 = cpu.cp15;
    if (!TranslationTable.isStale(HostMemory.getInt(table + at), TranslationTable.SMALL)
        || (address & size - 1) != 0
        || !watches.isEmpty()
        || bus.isListened()
        || !cp15.mmuEnabled()) {
      return false;
    }
    int mva = cp15.modified(address);
    int first = descriptor(Mmu.firstLevel(cp15.translationTableBase(), mva), Mmu.COARSE_TABLE);
    int second = first == 0 ? 0 : descriptor(Mmu.inCoarse(first, mva), Mmu.SMALL_PAGE);
    int physical = Mmu.inPage(second, TranslationTable.SMALL, mva);
    if (second == 0 || !bus.isRam(physical)) {
      return false;
    }
    boolean privilege = cpu.isPrivileged() && !asUser;
    int access = Mmu.domainAccess(cp15.domainAccess(), Mmu.domain(first));
    int permission = Mmu.effective(access, Mmu.smallPermission(second, mva));
    boolean stores = !cpu.code.contains(physical);
    int rights = Mmu.rights(permission, privilege);
    if (permission <= 0 || rights < (store ? Mmu.READ_WRITE : Mmu.READ) || store && !stores) {
      return false;
    }
    if (stores) {
      bus.markDirty(physical); // the privileged modes may store
    }
    int entry = (physical & -Bus.GRANULE) - (address & -Bus.GRANULE) + 1;
    cpu.spaces.use(address, table);
    long base = table + at - (store ? TranslationTable.STORES : 0);
    put(base, entry, rights, stores);
    long other = privilege ? base + TranslationTable.BYTES : base - TranslationTable.BYTES;
    if (TranslationTable.isStale(HostMemory.getInt(other), TranslationTable.SMALL)) {
      put(other, entry, Mmu.rights(permission, !privilege), stores);
    }
    return true;
  }

  /** Reads a descriptor of a page table; 0 if it is of another kind, or not in RAM. */
  private int descriptor(int at, int kind) {
    int descriptor = bus.isRam(at) ? HostMemory.getInt(bus.ram + at) : 0;
    return (descriptor & 3) == kind ? descriptor : 0;
  }

  private static void put(long at, int entry, int rights, boolean stores) {
    if (rights >= Mmu.READ) {
      HostMemory.putInt(at, entry);
    }
    if (stores && rights >= Mmu.READ_WRITE) {
      HostMemory.putInt(at + TranslationTable.STORES, entry);
    }
  }

  // ---- slow paths; each sets cpu.outcome

  /**
   * Loads by the slow path.
   *
   * @param pc address of the instruction with the T bit
   * @param remaining instructions of the block from this one on
   * @param size bytes: 1, 2, 4; 8 for one half of a doubleword, with the alignment check of a
   *     doubleword
   * @return the value, zero-extended; a misaligned word is rotated as on ARMv5
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
   * Stores by the slow path; a misaligned address is rounded down as on ARMv5. Parameters as {@link
   * #load}.
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
    return mmu.domain() << 4 | (mmu.shift == 20 ? Mmu.EXTERNAL_SECTION : Mmu.EXTERNAL_PAGE);
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
    boolean readable = mmu.readable && !bus.isListened() && !watches.inGranule(address, false);
    boolean writable =
        mmu.writable
            && !bus.isListened()
            && !cpu.code.contains(mmu.physical)
            && !watches.inGranule(address, true);
    if (writable) {
      bus.markDirty(mmu.physical);
    }
    TranslationTable table = cpu.spaces.table(privilege);
    cpu.recurring |= table.fill(address, mmu.physical, readable, writable, mmu.shift);
    fillAround(table, address, readable, writable);
  }

  /** Fills entries near one that was just filled, as a TLB's entry covers a page. */
  private void fillAround(TranslationTable table, int address, boolean loads, boolean stores) {
    int bytes = mmu.uniform();
    if (bytes != 0 && !bus.isListened() && watches.isEmpty()) {
      table.fillAround(address, mmu.physical, bytes, loads, stores, cpu);
    }
  }

  // ---- watchpoints

  /**
   * A range of virtual addresses whose accesses stop the run.
   *
   * @param address first byte
   * @param bytes how many
   * @param loads whether loads stop it
   * @param stores whether stores do
   * @param before whether it stops before the instruction instead of after it
   */
  public record Watch(int address, int bytes, boolean loads, boolean stores, boolean before) {
    /** A range that stops the run after the instruction that touches it. */
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
    cpu.code.watched();
    cpu.spaces.flush();
  }

  /** Stops watching a range. */
  public void unwatch(Watch watch) {
    watches.remove(watch);
    cpu.spaces.flush();
  }

  /**
   * Sets an observer of each access of the processor to RAM, including page-table walks and fetches
   * of blocks, which disables all fast paths; null for none.
   */
  public void listen(Bus.AccessListener to) {
    bus.listen(to);
    cpu.spaces.flush();
  }

  /** Returns the watched range that was accessed last; null if there was none. */
  public Watch lastHit() {
    return watches.lastHit();
  }

  /** Returns the watched ranges. */
  public Watches watches() {
    return watches;
  }

  // ---- instruction fetch

  /**
   * Translates an address for instruction fetch in the current mode. An entry of the table takes
   * precedence over the page tables, as in a TLB.
   *
   * @return the physical address, or -1 with {@link #fetchStatus} saying why not
   */
  public int fetch(int address) {
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
  public int fetchFilling(int address) {
    boolean has = isFast(cpu.entries, address, 2);
    int physical = fetch(address);
    if (!has
        && physical >= 0
        && mmu.readable
        && !bus.isListened()
        && !watches.inGranule(address, false)) {
      cpu.table.fill(address, physical, true, false, mmu.shift);
      fillAround(cpu.table, address, true, false);
    }
    return physical;
  }

  /**
   * Returns which modes may fetch at an address: 1 for the privileged modes, plus 2 for user mode.
   */
  public int rights(int address) {
    int mva = cpu.cp15.modified(address & ~1);
    return (mmu.walk(mva, true, false) ? 1 : 0) | (mmu.walk(mva, false, false) ? 2 : 0);
  }

  /** Returns why the last fetch was refused, as a fault status. */
  public int fetchStatus() {
    return mmu.status;
  }

  // ---- for debuggers and semihosting

  /**
   * Reads a byte at a virtual address as the privileged mode sees it, with no effect on the guest;
   * devices are not affected.
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
   * @return the physical address, or -1 if there is no translation
   */
  @TruffleBoundary
  public int physical(int address) {
    return mmu.translate(cpu.cp15.modified(address)) ? mmu.physical : -1;
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
   * old byte is dropped.
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
