package org.curios.arm.code;

import org.curios.arm.core.TranslationTable;

/**
 * How much of a compiled unit may be fetched in an address space as one privilege sees it: the
 * unit's code is in many granules, and a process may lack some of them, or have others there.
 */
public final class Reach {
  private final TranslationTable table;
  private final long generation;

  /** A bit for each part of the unit that may be fetched, as the unit numbers them. */
  private long open;

  /** Makes one for a table as it is now. */
  public Reach(TranslationTable table, long open) {
    this.table = table;
    this.generation = table.generation();
    this.open = open;
  }

  /** Returns whether it is of a table, whose rights to execute are still those. */
  public boolean isOf(TranslationTable one) {
    return table == one && generation == one.generation();
  }

  /** Returns a bit for each part of the unit that may be fetched. */
  public long open() {
    return open;
  }

  /** Adds parts: what may not be fetched is mapped later without further notice. */
  public void add(long parts) {
    open |= parts;
  }
}
