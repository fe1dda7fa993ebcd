package org.curios.arm.code;

import org.curios.arm.code.CodeEntry.Member;
import org.curios.arm.core.FetchedCode;
import org.curios.arm.core.TranslationTable;

/** The translated code at a virtual address, and the compiled units that may run it. */
public final class CodeSlot extends FetchedCode {
  private final CodeEntry entry;
  private final CompiledUnit unit;
  private final int index;
  private final Reach reach;
  private final CompiledUnit[] others;
  private final Reach[] reaches;

  /**
   * Creates a slot for code that was just fetched.
   *
   * @param entry the code
   */
  CodeSlot(int pc, TranslationTable table, CodeEntry entry) {
    super(pc, table);
    this.entry = entry;
    Member wayIn = entry.wayIn();
    this.unit = wayIn == null ? null : wayIn.unit();
    this.index = wayIn == null ? 0 : wayIn.number();
    this.reach = wayIn == null ? null : wayIn.reach();
    Member[] more = entry.others(wayIn);
    this.others = new CompiledUnit[more.length];
    this.reaches = new Reach[more.length];
    for (int i = 0; i < more.length; i++) {
      others[i] = more[i].unit();
      reaches[i] = more[i].reach();
    }
  }

  /** Returns the code. */
  public CodeEntry entry() {
    return entry;
  }

  /** Returns the unit to enter here, or null. */
  public CompiledUnit unit() {
    return unit;
  }

  /** Returns the number of the block in that unit. */
  public int index() {
    return index;
  }

  /** Returns how much may be fetched of that unit, or null without one. */
  public Reach reach() {
    return reach;
  }

  /** Returns how much may be fetched of a unit, if that may continue here; otherwise null. */
  public Reach reach(CompiledUnit one) {
    if (unit == one) {
      return reach;
    }
    for (int i = 0; i < others.length; i++) {
      if (others[i] == one) {
        return reaches[i];
      }
    }
    return null;
  }
}
