package org.curios.machine.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.curios.machine.net.Member;

/**
 * The machines on the same switch, at the tick of a snapshot.
 *
 * @param others a snapshot of each
 * @param between the state of what is between them
 */
public record Company(Map<Member, Snapshot> others, byte[] between) {
  /** Returns the bytes of RAM that the snapshots hold themselves. */
  long bytes() {
    return others.values().stream().mapToLong(Snapshot::bytes).sum();
  }

  /** Bases each snapshot directly on that of an earlier company. */
  void absorb(Company earlier) {
    List<Snapshot> wanted = earlier == null ? List.of() : List.copyOf(earlier.others.values());
    others.values().forEach(s -> s.absorb(wanted::contains));
  }

  /** Returns whether another company was in the same state, except for RAM. */
  public boolean resembles(Company other) {
    return other != null && Arrays.equals(between, other.between) && others.equals(other.others);
  }
}
