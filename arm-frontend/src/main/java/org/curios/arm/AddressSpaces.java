package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.lang.foreign.Arena;
import java.util.function.Consumer;

/**
 * The translation tables of the address spaces that were in use last: for each setting of the MMU
 * (tables, domains, rights, process) one for the privileged modes and one for user mode, so that
 * they outlive a change of settings and back.
 */
public final class AddressSpaces {
  /** Pairs of tables that are kept. */
  private static final int SPACES = 8;

  private final Cpu cpu;
  private final long base;

  /** By number: two by two by space, that of the privileged modes first; null for none yet. */
  private final TranslationTable[] tables = new TranslationTable[2 * SPACES];

  private final long[] tablesOf = new long[SPACES];
  private final int[] settingsOf = new int[SPACES];
  private final long[] lastUse = new long[SPACES];

  /** By MiB, a bit for each table that may have pages there, by its number. */
  private final int[] holders = new int[4096];

  /** Whether the guest has used a process identifier (ARM DDI 0100, B8). */
  private boolean processes;

  private long uses;
  private int space = -1;

  AddressSpaces(Cpu cpu, Arena arena) {
    this.cpu = cpu;
    this.base = HostMemory.allocate(arena, 2 * SPACES * TranslationTable.BYTES);
    select();
  }

  /** Returns the table of the present settings, as the privileged modes see it or user mode. */
  TranslationTable table(boolean privilege) {
    return privilege ? tables[2 * space] : tables[2 * space + 1];
  }

  /**
   * Makes the tables that belong to the present settings of CP15 and the present mode the ones in
   * use.
   */
  void select() {
    if (space < 0
        || tablesOf[space] != cpu.cp15.translationTables()
        || settingsOf[space] != cpu.cp15.translationSettings()) {
      space = find(cpu.cp15.translationTables(), cpu.cp15.translationSettings());
    }
    lastUse[space] = ++uses;
    TranslationTable now = table(cpu.isPrivileged());
    TranslationTable user = table(false);
    cpu.table = now;
    cpu.readTable = now.read;
    cpu.writeTable = now.write;
    cpu.userReadTable = user.read;
    cpu.userWriteTable = user.write;
  }

  private int find(long wantedTables, int wantedSettings) {
    int oldest = 0;
    for (int i = 0; i < SPACES; i++) {
      if (tables[2 * i] == null) {
        make(2 * i);
        make(2 * i + 1);
        oldest = i;
        break;
      }
      if (tablesOf[i] == wantedTables && settingsOf[i] == wantedSettings) {
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
    tables[number] =
        new TranslationTable(base + number * TranslationTable.BYTES, holders, 1 << number);
  }

  /** Forgets all translations. */
  void flush() {
    forEach(TranslationTable::flush);
  }

  /**
   * Forgets the translation of the page that a modified virtual address lies in.
   *
   * @return whether the right to execute code may be another now
   */
  @TruffleBoundary
  public boolean flushPage(int mva) {
    boolean code = false;
    for (int left = holders[mva >>> 20]; left != 0; left &= left - 1) {
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

  /** Takes the fast right to store to a granule of RAM. */
  void protect(int ramOffset) {
    forEach(t -> t.protect(ramOffset));
  }

  /** Takes the fast right to store from all granules, so that the next store to each is seen. */
  void protectAll() {
    forEach(TranslationTable::protectAll);
  }

  /** Has the code of an entry looked up anew. */
  void forget(CodeEntry entry) {
    forEach(t -> t.forget(entry));
  }

  private void forEach(Consumer<TranslationTable> action) {
    for (int i = 0; i < tables.length && tables[i] != null; i++) {
      action.accept(tables[i]);
    }
  }
}
