package org.curios.lab.trial;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.curios.machine.card.Disk;

/**
 * Whether the undisturbed run first reads or first writes each block of the card after each of its
 * moments. What a trial has changed in a block that is written first, or not accessed again, makes
 * no difference to the rest of the run.
 */
final class CardUse implements Disk.Observer {
  /** The next access to a block. */
  enum Next {
    READ,
    WRITE,
    NONE
  }

  private final Map<Long, NavigableMap<Integer, Next>> first = new HashMap<>();
  private int interval;

  /** Starts the interval after a moment. */
  void begin(int moment) {
    interval = moment;
  }

  @Override
  public void read(long block) {
    note(block, Next.READ);
  }

  @Override
  public void written(long block, byte[] bytes) {
    note(block, Next.WRITE);
  }

  private void note(long block, Next access) {
    first.computeIfAbsent(block, b -> new TreeMap<>()).putIfAbsent(interval, access);
  }

  /** Returns the next access to a block after a moment. */
  Next after(long block, int moment) {
    NavigableMap<Integer, Next> uses = first.get(block);
    Map.Entry<Integer, Next> next = uses == null ? null : uses.ceilingEntry(moment);
    return next == null ? Next.NONE : next.getValue();
  }
}
