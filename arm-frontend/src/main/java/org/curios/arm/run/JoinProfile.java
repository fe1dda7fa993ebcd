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
  /** Number of blocks that are counted. */
  private static final int STEPS = 10_000;

  /** Number of blocks after which the requesting block must have run again. */
  private static final int PATIENCE = 2 * STEPS;

  /** Executions of the requesting block below which the guest no longer uses it. */
  private static final int LEAST = 20;

  /** The recorded executions of the requesting block. */
  private static final int SCALE = Thresholds.USUAL.hotIfCovered();

  private final CodeEntry head;
  private final Map<CodeEntry, Integer> counts = new HashMap<>();
  private int steps;

  /**
   * Starts a profile.
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

  /** Returns whether the guest does something else by now, so that the counts are useless. */
  boolean isAbandoned() {
    return !head.valid || steps >= PATIENCE || isDone() && counts.getOrDefault(head, 0) < LEAST;
  }

  /**
   * Counts a step.
   *
   * @param begun the block that it has started, or null
   */
  void count(CodeEntry begun) {
    steps++;
    if (begun != null) {
      counts.merge(begun, 1, Integer::sum);
    }
  }

  /**
   * Returns whether most executions are in the given blocks; otherwise a region of them would only
   * be one more to alternate with.
   */
  boolean isCoveredBy(Collection<CodeEntry> blocks) {
    long all = counts.values().stream().mapToLong(Integer::longValue).sum();
    long covered = blocks.stream().mapToLong(b -> counts.getOrDefault(b, 0)).sum();
    return covered * 2 >= all;
  }

  /**
   * Sets the executions of the blocks, in proportion to the requesting block; those that are in no
   * region were counted all along, and are not reduced.
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
