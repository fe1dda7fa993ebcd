package org.curios.arm.code;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The targets of a computed jump, in the order of first appearance. */
public final class JumpTargets {
  /** Maximum number of targets. */
  private static final int MAX_TARGETS = 1 << 15;

  /** Number of targets up to which the search is linear. */
  private static final int FEW = 8;

  /** The targets of other instructions: none. */
  static final JumpTargets NONE = new JumpTargets();

  private int[] targets = {};
  private int count;
  private Set<Integer> many = Set.of();

  /** Adds a target; returns whether it is new. */
  public boolean note(int target) {
    if (isKnown(target) || count == MAX_TARGETS) {
      return false;
    }
    if (count == targets.length) {
      targets = Arrays.copyOf(targets, Math.max(2, 2 * count));
    }
    targets[count++] = target;
    if (count == FEW) {
      many = new HashSet<>();
      Arrays.stream(toArray()).forEach(many::add);
    } else if (count > FEW) {
      many.add(target);
    }
    return true;
  }

  private boolean isKnown(int target) {
    if (count >= FEW) {
      return many.contains(target);
    }
    for (int i = 0; i < count; i++) {
      if (targets[i] == target) {
        return true;
      }
    }
    return false;
  }

  /** Returns how many there are. */
  public int count() {
    return count;
  }

  /** Returns them. */
  public int[] toArray() {
    return Arrays.copyOf(targets, count);
  }
}
