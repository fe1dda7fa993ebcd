package org.curios.lab.script.model;

import java.util.Locale;

/**
 * A moment to come back to.
 *
 * @param saved the machine then
 * @param status how the guest had ended then; null if it had not
 */
@ScriptName(value = "Snapshot", doc = "A state of a machine that can be restored.")
public record ScriptSnapshot(Port.Saved saved, Integer status) {
  /** Returns when it was taken. */
  @Property("Its tick.")
  public long ticks() {
    return saved.snapshot().tick();
  }

  /** Returns the bytes that it takes. */
  @Property("Bytes of memory that it keeps: those written since the previous snapshot.")
  public long bytes() {
    return saved.snapshot().bytes();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "<snapshot of tick %,d, %,d bytes>", ticks(), bytes());
  }
}
