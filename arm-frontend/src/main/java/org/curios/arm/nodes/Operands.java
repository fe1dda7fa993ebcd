package org.curios.arm.nodes;

/**
 * The operands of the last comparison of a block, for later conditions: {@code blt} after {@code
 * cmp} compares these instead of putting N and V together. Each region makes its own, which partial
 * evaluation removes.
 */
public final class Operands {
  int left;
  int right;

  /** The C flag, 0 or 1, as the last addition or subtraction of the block has set it. */
  int carry;
}
