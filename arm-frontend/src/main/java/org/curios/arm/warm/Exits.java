package org.curios.arm.warm;

import org.curios.arm.warm.Assembler.Label;

/** The surroundings of a block: its exits, and words in its granule. */
interface Exits {
  /** Returns where to jump to execute an instruction by its node and leave the code. */
  Label slow(int where);

  /** Returns where to jump to leave the code, with the PC set, so that something is examined. */
  Label out();

  /** Returns where to jump to return to the code that has called this, at the address in RESULT. */
  Label left();

  /** Returns where to jump to continue in another granule at the address in RESULT. */
  Label far();

  /** Calls code at a place inside or outside the granule that returns to another place. */
  void call(int place, int after);

  /** Calls code in another granule at the address in RESULT, and returns to a place. */
  void callFar(int after);

  /** Has the computed jump at a place, to the address in RESULT, recorded from time to time. */
  void sample(int place);

  /** Writes code after all blocks. */
  void later(Runnable code);

  /** Returns the word that an instruction loads from its own granule. */
  int literal(Instruction one);

  /** Returns where to jump for the PC, which is in the granule and in {@link Emitter#RESULT}. */
  Label computed();

  /** Returns where to jump for a place inside or outside the granule. */
  Label to(int place);
}
