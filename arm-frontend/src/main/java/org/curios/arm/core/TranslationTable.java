package org.curios.arm.core;

import java.util.Arrays;
import java.util.function.Predicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.HostMemory;

/**
 * The software translation table of one address space as one privilege sees it: for each granule of
 * virtual addresses an entry for loads and next to it one for stores, filled on demand. An entry is
 * 0, or the distance from the virtual address to the offset in RAM, plus 1; so a load or store
 * costs one table load, one test, one access. There are entries for RAM only, and for stores only
 * where no store needs the slow path (as translated code does). An entry whose page was flushed
 * individually is even, but not 0: it holds the size of the page, so that {@link Memory#refill} may
 * refill it.
 */
public final class TranslationTable {
  /** Bytes of host address space for one table. */
  static final long BYTES = 2L << 24;

  /** Size of a small page as a power of two. */
  static final int SMALL = 12;

  /** Bytes of the entries of a granule as a power of two. */
  private static final int ENTRIES_SHIFT = 3;

  /** From the entry for loads of a granule to the one for stores. */
  public static final int STORES = 4;

  /** The bits that mark valid entries, in two entries read as one. */
  private static final long VALID = 1L << 32 | 1;

  /** Two entries of a flushed small page. */
  private static final long SMALL_STALE = bothStale(SMALL);

  /** Slots for translated code: more than the blocks that a large guest uses at a time. */
  private static final int CODE_SLOTS = 1 << 18;

  /** Host address of the entries. */
  final long entries;

  /** Fetched code by virtual address, see {@link #code(int)}. */
  private final FetchedCode[] code = new FetchedCode[CODE_SLOTS];

  /** Generation of the rights to execute: slots of earlier generations are invalid. */
  private long generation;

  /** Pages of 4 KiB whose rights to execute slots of this generation depend on. */
  private final long[] fetched = new long[1 << 32 - SMALL - 6];

  /** The numbers of these pages, in any order, and of some that are no longer among them. */
  private int[] fetchedPages = new int[64];

  private int fetchedCount;

  /** Largest page filled in each MiB, as a power of two; 0 for none. */
  private final byte[] pageShift = new byte[4096];

  /** Granules whose entries have been filled since the last flush. */
  private int[] filled = new int[1024];

  private int filledCount;

  /** Whether there is anything to flush. */
  private boolean used;

  /** Data shared by all tables. */
  private final Pages pages;

  private final int holder;

  /**
   * Makes an empty table.
   *
   * @param entries host address of {@link #BYTES} of zeroed memory
   * @param pages data shared by all tables
   * @param number the table's among them, 0 to 31
   */
  TranslationTable(long entries, Pages pages, int number) {
    this.entries = entries;
    this.pages = pages;
    this.holder = 1 << number;
  }

  /**
   * Data shared by several tables, so that an entry can be flushed from all without examining each.
   */
  static final class Pages {
    /** Bytes of host address space. */
    static final long BYTES = 4L << 32 - SMALL;

    /** By MiB, a bit for each table that may have pages there, by its number. */
    final int[] holders = new int[4096];

    /**
     * Host address of a word for each page of 4 KiB, with a bit for each table that may have an
     * entry of it, by its number.
     */
    private final long users;

    /** By MiB, whether a table may have a page there that is larger than a small one. */
    final boolean[] large = new boolean[4096];

    /** Pages of 4 KiB whose right to execute some table may have recorded, one bit each. */
    final long[] fetched = new long[1 << 32 - SMALL - 6];

    /**
     * Begins without pages.
     *
     * @param users host address of {@link #BYTES} of zeroed memory
     */
    Pages(long users) {
      this.users = users;
    }

    private long user(int virtual) {
      return users + ((virtual >>> SMALL & 0xfffffL) << 2);
    }

    /** Records tables that have an entry for the page at an address, by their bits. */
    void use(int virtual, int tables) {
      long at = user(virtual);
      HostMemory.putInt(at, HostMemory.getInt(at) | tables);
    }

    /** Forgets the users of the page at an address, and returns them. */
    int dismiss(int virtual) {
      long at = user(virtual);
      int tables = HostMemory.getInt(at);
      HostMemory.putInt(at, 0);
      return tables;
    }

    /** Returns whether {@link TranslationTable#flushSmall(long)} suffices to flush a page. */
    boolean isSmallData(int virtual) {
      return !large[virtual >>> 20]
          && (fetched[virtual >>> SMALL + 6] >>> (virtual >>> SMALL) & 1) == 0;
    }
  }

  /** Returns the fetched code at an address; null if it must be fetched. */
  public FetchedCode code(int pc) {
    FetchedCode slot = code[index(pc)];
    return slot != null && slot.pc == pc && slot.generation == generation ? slot : null;
  }

  /** Returns the code that was last fetched at an address, perhaps in an earlier generation. */
  public FetchedCode lastFetched(int pc) {
    FetchedCode slot = code[index(pc)];
    return slot != null && slot.pc == pc ? slot : null;
  }

  /** Sets what {@link #code} returns from now on. */
  public void put(FetchedCode slot) {
    code[index(slot.pc)] = slot;
  }

  /** Returns the number of times that rights to execute were forgotten. */
  public long generation() {
    return generation;
  }

  /** Adjacent words have adjacent slots; the high bits separate programs at similar addresses. */
  private static int index(int pc) {
    return (pc >>> 2 ^ pc >>> 18 ^ pc << 14) & CODE_SLOTS - 1;
  }

  /** Returns the distance of the entries of a granule from the first ones. */
  static long at(int virtual) {
    return (virtual >>> Bus.GRANULE_SHIFT & 0x3fffffL) << ENTRIES_SHIFT;
  }

  /**
   * Fills the entries of the granule at a virtual address.
   *
   * @return whether they existed before, and their page was flushed individually
   */
  boolean fill(int virtual, int ramOffset, boolean readable, boolean writable, int shift) {
    int granule = virtual >>> Bus.GRANULE_SHIFT;
    long at = entries + at(virtual);
    boolean stale = isStale(HostMemory.getInt(at), 0);
    int entry = (ramOffset & -Bus.GRANULE) - (virtual & -Bus.GRANULE) + 1;
    if (HostMemory.getLong(at) == 0) {
      noteFilled(granule);
    }
    if (readable) {
      HostMemory.putInt(at, entry);
    }
    if (writable) {
      HostMemory.putInt(at + STORES, entry);
    }
    pages.use(virtual, holder);
    notePage(virtual, shift);
    return stale;
  }

  /**
   * Fills entries around one that was just filled, where there are none: those for stores only
   * where the granule has been written, and no code was made of it.
   *
   * @param bytes size of the aligned range that has the same translation and rights
   */
  void fillAround(int virtual, int ramOffset, int bytes, boolean loads, boolean stores, Cpu cpu) {
    int first = virtual & -bytes;
    int distance = (ramOffset & -Bus.GRANULE) - (virtual & -Bus.GRANULE);
    for (int at = first; at != first + bytes; at += Bus.GRANULE) {
      int physical = at + distance;
      if (cpu.bus.isRam(physical)) {
        boolean written = stores && cpu.bus.isDirty(physical) && !cpu.code.contains(physical);
        fillNear(at, physical, loads, written);
      }
    }
  }

  /** Fills the entries of another granule of the page just filled, where there are none. */
  private void fillNear(int virtual, int ramOffset, boolean readable, boolean writable) {
    long at = entries + at(virtual);
    long present = HostMemory.getLong(at);
    int entry = ramOffset - virtual + 1;
    if (present == 0) {
      if (!readable && !writable) {
        return;
      }
      noteFilled(virtual >>> Bus.GRANULE_SHIFT);
      pages.use(virtual, holder);
    }
    if (readable && (int) present == 0) {
      HostMemory.putInt(at, entry);
    }
    if (writable && (int) (present >>> 32) == 0) {
      HostMemory.putInt(at + STORES, entry);
    }
  }

  private void noteFilled(int granule) {
    if (filledCount == filled.length) {
      filled = Arrays.copyOf(filled, filledCount * 2);
    }
    filled[filledCount++] = granule;
  }

  /** The same as {@link #noteFetch(int, int)} where there is an entry. */
  public void noteFetch(int virtual) {
    noteFetch(virtual, pageShift[virtual >>> 20]);
  }

  /**
   * Records that the result of {@link #code} depends on the right to execute the page at an
   * address.
   */
  void noteFetch(int virtual, int shift) {
    int page = virtual >>> SMALL;
    if (!isFetched(page)) {
      if (fetchedCount == fetchedPages.length) {
        packFetched();
      }
      fetched[page >>> 6] |= 1L << page;
      pages.fetched[page >>> 6] |= 1L << page;
      fetchedPages[fetchedCount++] = page;
    }
    notePage(virtual, shift);
  }

  private boolean isFetched(int page) {
    return (fetched[page >>> 6] >>> page & 1) != 0;
  }

  /** Makes room in {@link #fetchedPages}. */
  private void packFetched() {
    int[] pages =
        Arrays.stream(fetchedPages, 0, fetchedCount).filter(this::isFetched).distinct().toArray();
    fetchedCount = pages.length;
    fetchedPages = Arrays.copyOf(pages, Math.max(64, 2 * fetchedCount));
  }

  private void notePage(int virtual, int shift) {
    used = true;
    int mib = virtual >>> 20;
    if (pageShift[mib] < shift) {
      pageShift[mib] = (byte) shift;
      pages.holders[mib] |= holder;
      pages.large[mib] |= shift > SMALL;
    }
  }

  /** Forgets everything. */
  void flush() {
    if (!used) {
      return;
    }
    used = false;
    for (int i = 0; i < filledCount; i++) {
      HostMemory.putLong(entries + ((long) filled[i] << ENTRIES_SHIFT), 0);
      pageShift[filled[i] >>> 20 - Bus.GRANULE_SHIFT] = 0;
    }
    filledCount = 0;
    if (fetchedCount != 0) {
      for (int i = 0; i < fetchedCount; i++) {
        fetched[fetchedPages[i] >>> 6] = 0;
        pageShift[fetchedPages[i] >>> 20 - SMALL] = 0;
      }
      fetchedCount = 0;
      forgetCode();
    }
  }

  /**
   * Forgets the page that a virtual address lies in: at least what the architecture's entry would
   * have covered.
   *
   * @return whether code there must be looked up again
   */
  boolean flushPage(int virtual) {
    int shift = pageShift[virtual >>> 20];
    if (shift == 0) {
      pages.holders[virtual >>> 20] &= ~holder;
      return false;
    }
    if (shift <= SMALL) {
      return flushSmall(virtual >>> SMALL, SMALL_STALE);
    }
    boolean code = false;
    int first = virtual >>> shift << shift - SMALL;
    for (int page = first; page < first + (1 << shift - SMALL); page++) {
      code |= flushSmall(page, bothStale(shift));
    }
    return code;
  }

  private boolean flushSmall(int page, long stale) {
    flush(entries + ((long) page << SMALL - Bus.GRANULE_SHIFT + ENTRIES_SHIFT), stale);
    if (!isFetched(page)) {
      return false;
    }
    fetched[page >>> 6] &= ~(1L << page);
    forgetCode();
    return true;
  }

  /**
   * Forgets a small page of data.
   *
   * @param at host address of the entries of its first granule
   */
  static void flushSmall(long at) {
    flush(at, SMALL_STALE);
  }

  private static void flush(long at, long stale) {
    long first = HostMemory.getLong(at);
    long second = HostMemory.getLong(at + 8);
    long third = HostMemory.getLong(at + 16);
    long fourth = HostMemory.getLong(at + 24);
    if (((first | second | third | fourth) & VALID) != 0) {
      makeStale(at, first, stale);
      makeStale(at + 8, second, stale);
      makeStale(at + 16, third, stale);
      makeStale(at + 24, fourth, stale);
    }
  }

  private static void makeStale(long at, long present, long stale) {
    if (present != 0) {
      HostMemory.putLong(at, stale);
    }
  }

  /** Both entries of a granule whose page, of at most that size, has been flushed. */
  private static long bothStale(int shift) {
    long stale = shift << 2 | 2;
    return stale << 32 | stale;
  }

  /**
   * Returns whether an entry is of a page that was flushed individually and was at least that
   * large.
   */
  static boolean isStale(int entry, int shift) {
    return (entry & 3) == 2 && entry >>> 2 >= shift;
  }

  private void forgetCode() {
    generation++;
  }

  /** Forgets the fetched code at an address if it is of the given kind. */
  void forget(int pc, Predicate<FetchedCode> kind) {
    FetchedCode slot = code[index(pc)];
    if (slot != null && slot.pc == pc && kind.test(slot)) {
      code[index(pc)] = null;
    }
  }

  /** Removes the fast path of stores from every entry for a granule of RAM. */
  void protect(int ramOffset) {
    int target = (ramOffset & -Bus.GRANULE) + 1;
    for (int i = 0; i < filledCount; i++) {
      long at = entries + ((long) filled[i] << ENTRIES_SHIFT) + STORES;
      int entry = HostMemory.getInt(at);
      if ((entry & 1) != 0 && entry + (filled[i] << Bus.GRANULE_SHIFT) == target) {
        HostMemory.putInt(at, 0);
      }
    }
  }

  /**
   * Removes the fast path of stores from every entry, so that the next store to each granule is
   * seen.
   */
  void protectAll() {
    for (int i = 0; i < filledCount; i++) {
      HostMemory.putInt(entries + ((long) filled[i] << ENTRIES_SHIFT) + STORES, 0);
    }
  }
}
