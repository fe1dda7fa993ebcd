package org.curios.lab.script.model;

import java.util.List;
import java.util.Locale;

/** A place where the machine stops, or calls a function. */
@ScriptName(value = "Breakpoint", doc = "A place where a machine stops or calls a function.")
public final class Breakpoint implements AutoCloseable {
  private final ScriptMachine machine;
  private final int address;
  private final Callback function;
  private long hits;

  /** What holds it, one for each copy of a source line; set by {@link ScriptPoints}. */
  List<ScriptPoints.Point> points;

  Breakpoint(ScriptMachine machine, int address, Callback function) {
    this.machine = machine;
    this.address = address;
    this.function = function;
  }

  boolean hit() {
    hits++;
    if (function == null) {
      return true;
    }
    function.call(this);
    return false;
  }

  /** Returns where it is. */
  @Property("Its address; if a source line has several copies, that of the first.")
  public long address() {
    return address & 0xffffffffL;
  }

  /** Returns how often it was reached. */
  @Property("How often it was reached.")
  public long hits() {
    return hits;
  }

  /** Returns the machine. */
  @Property("Its machine.")
  public ScriptMachine machine() {
    return machine;
  }

  /** Removes it. */
  @Override
  @ScriptMethod("Removes it.")
  public void close() {
    points.forEach(ScriptPoints.Point::close);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "<breakpoint at %08x %s, %d hits>",
        address,
        machine.symbolTable().describe(address),
        hits);
  }
}
