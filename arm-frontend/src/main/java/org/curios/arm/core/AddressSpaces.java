package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.lang.foreign.Arena;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.curios.arm.bus.HostMemory;

/**
 * The translation tables of the most recently used address spaces: for each setting of the MMU
 * (tables, domains, rights, process) one for the privileged modes and one for user mode, so that
 * they survive a change of settings and back.
 */
public final class AddressSpaces {
  /** Pairs of tables that are kept. */
  private static final int SPACES = 8;

  private final Cpu cpu;
  private final long base;

  /** Two by space, that of the privileged modes first; null until it is used. */
  private final TranslationTable[] tables = new TranslationTable[2 * SPACES];

  private final long[] tablesOf = new long[SPACES];
  private final int[] settingsOf = new int[SPACES];
  private final long[] lastUse = new long[SPACES];

  /** By space, the one that was last selected after it, which is tried first. */
  private final int[] next = new int[SPACES];

  private final TranslationTable.Pages pages;

  /** Whether the guest has used a process identifier (ARM DDI 0100, B8). */
  private boolean processes;

  private long uses;
  private int space = -1;

  AddressSpaces(Cpu cpu, Arena arena) {
    this.cpu = cpu;
    this.base = HostMemory.allocate(arena, 2 * SPACES * TranslationTable.BYTES);
    this.pages =
        new TranslationTable.Pages(HostMemory.allocate(arena, TranslationTable.Pages.BYTES));
    select();
  }

  /** Returns the table of the present settings, as the privileged modes see it or user mode. */
  TranslationTable table(boolean privilege) {
    return privilege ? tables[2 * space] : tables[2 * space + 1];
  }

  /** Selects the tables for the present settings of CP15 and the current mode. */
  void select() {
    long wantedTables = cpu.cp15.translationTables();
    int wantedSettings = cpu.cp15.translationSettings();
    if (space < 0 || !isOf(space, wantedTables, wantedSettings)) {
      int before = Math.max(space, 0);
      space = next[before];
      if (tables[2 * space] == null || !isOf(space, wantedTables, wantedSettings)) {
        space = find(wantedTables, wantedSettings);
        next[before] = space;
      }
    }
    lastUse[space] = ++uses;
    selectPrivilege();
    cpu.userEntries = table(false).entries;
  }

  /** Selects the table for the current mode. */
  void selectPrivilege() {
    TranslationTable now = table(cpu.isPrivileged());
    cpu.table = now;
    cpu.entries = now.entries;
    cpu.storeEntries = now.entries + TranslationTable.STORES;
  }

  private boolean isOf(int number, long wantedTables, int wantedSettings) {
    return tablesOf[number] == wantedTables && settingsOf[number] == wantedSettings;
  }

  @TruffleBoundary
  private int find(long wantedTables, int wantedSettings) {
    int oldest = 0;
    for (int i = 0; i < SPACES; i++) {
      if (tables[2 * i] == null) {
        make(2 * i);
        make(2 * i + 1);
        oldest = i;
        break;
      }
      if (isOf(i, wantedTables, wantedSettings)) {
        return i;
      }
      if (lastUse[i] < lastUse[oldest]) {
        oldest = i;
      }
    }
    tables[2 * oldest].flush();
    tables[2 * oldest + 1].flush();
    tablesOf[oldest] = wantedTables;
    settingsOf[oldest] = wantedSettings;
    processes |= (wantedSettings & Cp15.PROCESS) != 0;
    return oldest;
  }

  private void make(int number) {
    tables[number] = new TranslationTable(base + number * TranslationTable.BYTES, pages, number);
  }

  /**
   * Records that the tables of a space have an entry for the page at an address.
   *
   * @param entries host address of the entries of one of them
   */
  void use(int virtual, long entries) {
    int number = (int) ((entries - base) / TranslationTable.BYTES) & ~1;
    pages.use(virtual, 3 << number);
  }

  /** Forgets all translations. */
  void flush() {
    forEach(TranslationTable::flush);
  }

  /**
   * Forgets the translation of the page that a modified virtual address lies in. The page of the
   * current process is forgotten as well, in case the guest gave a virtual address without the
   * process identifier.
   *
   * @return whether the right to execute code may have changed
   */
  public boolean flushPage(int mva) {
    if (processes || !pages.isSmallData(mva)) {
      int modified = cpu.cp15.modified(mva);
      return flushAnyPage(mva) | (modified != mva && flushAnyPage(modified));
    }
    long at = base + TranslationTable.at(mva & -1 << TranslationTable.SMALL);
    for (int left = pages.dismiss(mva); left != 0; left &= left - 1) {
      int number = Integer.numberOfTrailingZeros(left);
      TranslationTable.flushSmall(at + number * TranslationTable.BYTES);
    }
    return false;
  }

  @TruffleBoundary
  private boolean flushAnyPage(int mva) {
    boolean code = false;
    for (int left = pages.holders[mva >>> 20]; left != 0; left &= left - 1) {
      code |= tables[Integer.numberOfTrailingZeros(left)].flushPage(mva);
    }
    if (processes && (mva & Cp15.PROCESS) != 0) {
      for (int i = 0; i < tables.length && tables[i] != null; i++) {
        if ((settingsOf[i / 2] & Cp15.PROCESS) == (mva & Cp15.PROCESS)) {
          code |= tables[i].flushPage(mva & ~Cp15.PROCESS); // as the process itself sees it
        }
      }
    }
    return code;
  }

  /** Removes the fast path of stores to a granule of RAM. */
  public void protect(int ramOffset) {
    forEach(t -> t.protect(ramOffset));
  }

  /** Removes the fast path of stores to all granules, so that the next store to each is seen. */
  void protectAll() {
    forEach(TranslationTable::protectAll);
  }

  /** Forgets the fetched code at an address if it is of the given kind. */
  public void forget(int pc, Predicate<FetchedCode> kind) {
    forEach(t -> t.forget(pc, kind));
  }

  private void forEach(Consumer<TranslationTable> action) {
    for (int i = 0; i < tables.length && tables[i] != null; i++) {
      action.accept(tables[i]);
    }
  }
}
