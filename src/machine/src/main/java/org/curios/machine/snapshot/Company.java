package org.curios.machine.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * The machines on the same switch, at the tick of a snapshot.
 *
 * @param others a snapshot of each, in the order in which they were connected
 * @param between the state of what is between them
 */
public record Company(List<Snapshot> others, byte[] between) {
  /** Copies the list. */
  public Company {
    others = List.copyOf(others);
  }

  /** Calls an action for each of as many machines, in the same order, with its snapshot. */
  public <T> void each(List<T> machines, BiConsumer<T, Snapshot> action) {
    IntStream.range(0, others.size()).forEach(i -> action.accept(machines.get(i), others.get(i)));
  }

  /** Returns whether all of as many machines, in the same order, and their snapshots match. */
  public <T> boolean all(List<T> machines, BiPredicate<T, Snapshot> match) {
    return IntStream.range(0, others.size())
        .allMatch(i -> match.test(machines.get(i), others.get(i)));
  }

  /** Returns the bytes of RAM that the snapshots hold themselves. */
  long bytes() {
    return others.stream().mapToLong(Snapshot::bytes).sum();
  }

  /** Bases each snapshot directly on that of an earlier company. */
  void absorb(Company earlier) {
    List<Snapshot> wanted = earlier == null ? List.of() : earlier.others;
    others.forEach(s -> s.absorb(wanted::contains));
  }

  /** Returns whether another company was in the same state, except for RAM. */
  public boolean resembles(Company other) {
    return other != null && Arrays.equals(between, other.between) && others.equals(other.others);
  }
}
