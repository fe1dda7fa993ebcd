package org.curios.arm;

/**
 * Leaves compiled code ahead of a memory access without a fast path. All that the executor needs to
 * know is in the object, which is a constant of the code: so that each of the many ways out is a
 * jump with one operand.
 */
public final class Miss extends Trap {
  private static final long serialVersionUID = 1L;

  /** Address of the instruction, with the T bit. */
  final int pc;

  /** Instructions of its block from it to the end, which have not run. */
  final int remaining;

  /** Makes the miss of an instruction. */
  public Miss(int pc, int remaining) {
    this.pc = pc;
    this.remaining = remaining;
  }
}
