package org.curios.arm.warm;

import org.curios.arm.warm.Assembler.Label;

/** What a block knows of its surroundings: the ways out of it, and words in its granule. */
interface Exits {
  /** Returns where an instruction is done by its node and the code is left. */
  Label slow(int where);

  /** Returns where the code is left, with the PC set. */
  Label left();

  /** Returns the word that an instruction loads from its own granule. */
  int literal(Instruction one);

  /** Returns where to jump for the PC, which is in the granule and in {@link Emitter#RESULT}. */
  Label computed();

  /** Returns where to jump for a place in the granule, or outside. */
  Label to(int place);
}
