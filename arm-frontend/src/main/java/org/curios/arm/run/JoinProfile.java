package org.curios.arm.run;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.region.Thresholds;

/**
 * Counts blocks again, compiled ones too, for a short while. If the guest alternates between
 * several regions, the counts of their blocks are from before they were compiled.
 */
final class JoinProfile {
  /** Blocks that are counted. */
  private static final int STEPS = 10_000;

  /** Blocks within which the one that asked must come again when they are. */
  private static final int PATIENCE = 2 * STEPS;

  /** Executions of the block that asked below which it is not what the guest does any more. */
  private static final int LEAST = 20;

  /** The executions of the block that requested the profile, as they are recorded. */
  private static final int SCALE = Thresholds.USUAL.hotIfCovered();

  private final CodeEntry head;
  private final Map<CodeEntry, Integer> counts = new HashMap<>();
  private int steps;

  /**
   * Begins a profile.
   *
   * @param head the block where compiled code is entered often
   */
  JoinProfile(CodeEntry head) {
    this.head = head;
  }

  /** Returns the block that requested the profile. */
  CodeEntry head() {
    return head;
  }

  /** Returns whether enough has been counted. */
  boolean isDone() {
    return steps >= STEPS;
  }

  /** Returns whether the guest does something else by now, so that the counts say nothing. */
  boolean isAbandoned() {
    return !head.valid || steps >= PATIENCE || isDone() && counts.getOrDefault(head, 0) < LEAST;
  }

  /**
   * Counts a step.
   *
   * @param begun the block that it has begun, or null
   */
  void count(CodeEntry begun) {
    steps++;
    if (begun != null) {
      counts.merge(begun, 1, Integer::sum);
    }
  }

  /**
   * Returns whether most of what has run is in some blocks: else a region of them would be one more
   * to go round between.
   */
  boolean isCoveredBy(Collection<CodeEntry> blocks) {
    long all = counts.values().stream().mapToLong(Integer::longValue).sum();
    long covered = blocks.stream().mapToLong(b -> counts.getOrDefault(b, 0)).sum();
    return covered * 2 >= all;
  }

  /**
   * Has the blocks know how often they run, in proportion to the one that asked; those that are in
   * no region have been counted all along, and do not lose what they have.
   */
  void note() {
    long most = counts.get(head);
    counts.forEach((entry, count) -> {
      int executions = (int) (count * (long) SCALE / most);
      boolean isCounted = !entry.isInUnit() && entry.executions > executions;
      entry.executions = isCounted ? entry.executions : executions;
    });
  }
}
