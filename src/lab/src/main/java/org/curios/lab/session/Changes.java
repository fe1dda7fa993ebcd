package org.curios.lab.session;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.curios.machine.Machine;

/**
 * The changes made to a machine from outside, by the tick of the next instruction, and the position
 * of a machine that runs its past again.
 */
final class Changes {
  private final NavigableMap<Long, List<Consumer<Machine>>> byTick = new TreeMap<>();

  /** The last tick whose changes are part of the current state. */
  private long upTo;

  /** Returns the tick of the next changes; {@link Long#MAX_VALUE} if there are none. */
  long next() {
    Long tick = byTick.higherKey(upTo);
    return tick == null ? Long.MAX_VALUE : tick;
  }

  /** Makes the next changes, if the machine has reached their tick. */
  void apply(Machine machine) {
    long tick = next();
    if (machine.cpu().now() >= tick) {
      upTo = tick;
      byTick.get(tick).forEach(c -> c.accept(machine));
    }
  }

  /** Reports that the changes up to a tick are part of the restored state. */
  void moved(long tick) {
    upTo = tick;
  }

  /** Records a change made at a tick. */
  void add(long tick, Consumer<Machine> change) {
    foresee(tick, change);
    upTo = tick;
  }

  /** Records a change to be made at a later tick. */
  void foresee(long tick, Consumer<Machine> change) {
    byTick.computeIfAbsent(tick, t -> new ArrayList<>()).add(change);
  }

  /** Forgets the changes after a tick. */
  void forgetAfter(long tick) {
    byTick.tailMap(tick, false).clear();
  }

  /** Returns a copy of them. */
  NavigableMap<Long, List<Consumer<Machine>>> copy() {
    NavigableMap<Long, List<Consumer<Machine>>> copy = new TreeMap<>();
    byTick.forEach((tick, list) -> copy.put(tick, new ArrayList<>(list)));
    return copy;
  }

  /** Returns whether other changes were the same up to a tick. */
  boolean agree(NavigableMap<Long, List<Consumer<Machine>>> others, long tick) {
    return others.headMap(tick, true).equals(byTick.headMap(tick, true));
  }

  /** Replaces them by others up to a tick. */
  void replace(NavigableMap<Long, List<Consumer<Machine>>> others, long tick) {
    byTick.clear();
    others.headMap(tick, true).forEach((at, list) -> byTick.put(at, new ArrayList<>(list)));
  }
}
