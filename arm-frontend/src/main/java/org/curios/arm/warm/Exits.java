package org.curios.arm.warm;

import org.curios.arm.warm.Assembler.Label;

/** The surroundings of a block: its exits, and words in its granule. */
interface Exits {
  /** Returns where to jump to execute an instruction by its node and leave the code. */
  Label slow(int where);

  /** Returns where to jump to leave the code, with the PC set. */
  Label left();

  /** Returns the word that an instruction loads from its own granule. */
  int literal(Instruction one);

  /** Returns where to jump for the PC, which is in the granule and in {@link Emitter#RESULT}. */
  Label computed();

  /** Returns where to jump for a place inside or outside the granule. */
  Label to(int place);
}
