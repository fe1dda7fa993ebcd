package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;

/** A variable or parameter. */
public final class Variable {
  private final Entry entry;
  private final Entry function;
  private final Variables all;

  /**
   * Makes a variable.
   *
   * @param function its function, ignoring inlining; null for a global one
   */
  Variable(Entry entry, Entry function, Variables all) {
    this.entry = entry;
    this.function = function;
    this.all = all;
  }

  /** Returns the name as in the source; null for an unnamed parameter. */
  public String name() {
    return entry.name();
  }

  /** Returns its type. */
  public Type type() {
    return all.typeOf(entry);
  }

  /** Returns whether it is a parameter. */
  public boolean isParameter() {
    return entry.tag == Variables.PARAMETER;
  }

  /**
   * Finds it.
   *
   * @param frame the function's registers; null for a global variable where nothing runs
   */
  public Location locate(Frame frame) {
    int size = type().size();
    Entry constant = entry.with(Entry.CONST_VALUE);
    Entry placed = entry.with(Entry.LOCATION);
    if (placed == null && constant != null) {
      ByteBuffer block = constant.block(Entry.CONST_VALUE);
      return Location.ofValue(
          block != null ? Form.number(block) : constant.number(Entry.CONST_VALUE, 0), size);
    }
    if (placed == null) {
      return Location.none(size);
    }
    ByteBuffer expression =
        placed.unit.location(placed, Entry.LOCATION, frame == null ? 0 : frame.pc());
    return expression == null
        ? Location.none(size)
        : new LocationProgram(all, placed.unit, function, frame).locate(expression, size);
  }
}
