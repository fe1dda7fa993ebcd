package org.curios.arm.code;

import org.curios.arm.core.FetchedCode;
import org.curios.arm.core.TranslationTable;

/** The translated code at a virtual address, and the compiled units that may run it. */
public final class CodeSlot extends FetchedCode {
  private final CodeEntry entry;
  private final CompiledUnit unit;
  private final int index;
  private final CompiledUnit[] others;

  /**
   * Creates a slot for code that was just fetched.
   *
   * @param entry the code
   * @param wayIn the block to enter, or null
   * @param others other units that contain the block and may continue with it
   */
  CodeSlot(
      int pc,
      TranslationTable table,
      CodeEntry entry,
      CodeEntry.Member wayIn,
      CompiledUnit[] others) {
    super(pc, table);
    this.entry = entry;
    this.unit = wayIn == null ? null : wayIn.unit();
    this.index = wayIn == null ? 0 : wayIn.number();
    this.others = others;
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

  /** Returns whether a unit may continue here. */
  public boolean isIn(CompiledUnit one) {
    if (unit == one) {
      return true;
    }
    for (CompiledUnit other : others) {
      if (other == one) {
        return true;
      }
    }
    return false;
  }
}
