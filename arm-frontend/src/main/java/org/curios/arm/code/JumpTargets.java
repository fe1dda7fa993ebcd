package org.curios.arm.code;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Where a jump to a computed target has led, in the order of first appearance. */
public final class JumpTargets {
  /** Most targets that are remembered. */
  private static final int MAX_TARGETS = 1 << 15;

  /** Targets up to which they are searched one by one. */
  private static final int FEW = 8;

  /** The targets of anything that is not such a jump. */
  static final JumpTargets NONE = new JumpTargets();

  private int[] targets = {};
  private int count;
  private Set<Integer> many = Set.of();

  /** Notes a target; returns whether it was not known. */
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
