package org.curios.arm.nodes;

/**
 * The operands of the last comparison of a block, for the conditions behind it: {@code blt} after
 * {@code cmp} compares these instead of putting N and V together. Made anew in each region, where
 * partial evaluation dissolves it.
 */
public final class Operands {
  int left;
  int right;

  /** The C flag, 0 or 1, as the last addition or subtraction of the block has set it. */
  int carry;
}
