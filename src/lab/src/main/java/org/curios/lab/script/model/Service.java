package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;

/**
 * A service.
 *
 * @param machine where
 * @param name its name
 */
@ScriptName(value = "Service", doc = "A protected object that serves.")
public record Service(
    @Property("The machine.") ScriptMachine machine, @Property("Its name.") String name)
    implements OfMachine {
  private static final int FRAME = 4096;
  private static final int MOST_STATE_BYTES = 1024;

  Guest.Obj object() {
    return machine.view().object(name);
  }

  private long get(String field) {
    return object().struct().get(field);
  }

  /** Returns its state. */
  @Property("active, recovering, failed or gone.")
  public String state() {
    return machine.view().words().name(Kind.OBJECT, get("state"));
  }

  /** Returns the calls so far. */
  @Property("Calls so far.")
  public long calls() {
    return get("calls");
  }

  /** Returns the restarts so far. */
  @Property("Restarts so far.")
  public long restarts() {
    return get("restarts");
  }

  /** Returns the last fault. */
  @Property("How its last crash was detected; nothing while it has not crashed.")
  public String lastFault() {
    return get("last_fault") == 0
        ? null
        : machine.view().words().name(Kind.FAULT, get("last_fault"));
  }

  /** Returns its memory. */
  @Property("Memory that it owns.")
  public long bytes() {
    return get("frames") * FRAME;
  }

  /** Returns its heap. */
  @Property("Size of its heap.")
  public long heapBytes() {
    return get("heap_bytes");
  }

  /** Returns its deadline. */
  @Property("Processor time that a request may take; a change affects future requests.")
  public long deadlineMs() {
    return get("deadline");
  }

  /** Sets the deadline. */
  public void setDeadlineMs(long ms) {
    if (ms < 1 || ms > 10_000) {
      throw ScriptException.usage("deadline of " + ms + " ms: from 1 to 10000");
    }
    object().struct().set("deadline", (int) ms);
  }

  /** Returns the size of a state. */
  @Property("Size of the state of each client; it can be increased, for future connections.")
  public long stateBytes() {
    return object().descriptor().get("state_bytes");
  }

  /** Sets the size of a state. */
  public void setStateBytes(long bytes) {
    long now = stateBytes();
    if (now == 0) {
      throw ScriptException.usage(name + " keeps no states");
    }
    if (bytes < now || bytes > MOST_STATE_BYTES || bytes % 32 != 0) {
      throw ScriptException.usage(
          "states of "
              + bytes
              + " bytes: "
              + name
              + " takes from "
              + now
              + " to "
              + MOST_STATE_BYTES
              + ", a multiple of 32");
    }
    object().descriptor().set("state_bytes", (int) bytes);
  }

  /** Returns its methods. */
  @Property(
      "Its methods in the order of their numbers, each with name, address, and the least and greatest result.")
  public List<?> methods() {
    List<Method> all = new ArrayList<>();
    Guest.Obj o = object();
    for (Guest.Struct s : machine.view().methodTable(o)) {
      all.add(
          new Method(
              all.size(),
              machine.view().methodName(o, all.size()),
              s.get("entry"),
              (int) s.get("lowest"),
              (int) s.get("highest")));
    }
    return all;
  }

  /**
   * A method.
   *
   * @param number its number in calls
   * @param name its name
   * @param address where it begins
   * @param lowest least result by its contract
   * @param highest greatest result by its contract
   */
  @ScriptName(value = "Method", doc = "A method of a service.")
  public record Method(
      @Property("Its number in calls.") long number,
      @Property("Its name.") String name,
      @Property("Where it begins.") long address,
      @Property("The least result that its contract allows.") long lowest,
      @Property("The greatest result that its contract allows.") long highest) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "<method %s at %08x>", name, address);
    }
  }

  /** Returns the states in it. */
  @Property("The states of its clients.")
  public SsrList ssrs() {
    return new SsrList(machine, name);
  }

  /** Arms it to crash. */
  @ScriptMethod(
      "Makes its next request crash; the kinds are in Faults.crashes, the default is the first.")
  public void crash(@Arg(value = "kind", optional = true) String kind) {
    machine.faults().crash(this, kind);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "<service %s: %s, %,d calls, %d restarts>",
        name,
        state(),
        calls(),
        restarts());
  }
}
