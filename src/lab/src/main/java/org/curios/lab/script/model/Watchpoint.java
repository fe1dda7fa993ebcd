package org.curios.lab.script.model;

import java.util.Locale;
import org.curios.arm.core.Memory;

/** A range of memory whose stores stop the machine, or call a function. */
@ScriptName(
    value = "Watchpoint",
    doc = "A range of memory; stores into it stop the machine or call a function.")
public final class Watchpoint implements AutoCloseable {
  private final ScriptMachine machine;
  private final Memory.Watch watch;
  private final Callback function;
  private long hits;

  Watchpoint(ScriptMachine machine, Memory.Watch watch, Callback function) {
    this.machine = machine;
    this.watch = watch;
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

  /** Returns where it begins. */
  @Property("Where the range begins.")
  public long address() {
    return watch.address() & 0xffffffffL;
  }

  /** Returns how long it is. */
  @Property("How long the range is.")
  public long bytes() {
    return watch.bytes();
  }

  /** Returns how often it was stored into. */
  @Property("How many stores it has seen.")
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
    machine.unwatch(watch);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "<watchpoint at %08x, %d bytes, %d hits>", watch.address(), bytes(), hits);
  }
}
