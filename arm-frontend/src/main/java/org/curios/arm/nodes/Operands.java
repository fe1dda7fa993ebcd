package org.curios.arm.nodes;

/**
 * The operands of the last comparison of a block, for the conditions behind it: {@code blt} after
 * {@code cmp} compares these instead of putting N and V together. Made anew in each region, where
 * partial evaluation dissolves it.
 */
public final class Operands {
  int left;
  int right;

  /** Forgets them: no condition looks at operands of another block. */
  public void clear() {
    left = 0;
    right = 0;
  }
}
