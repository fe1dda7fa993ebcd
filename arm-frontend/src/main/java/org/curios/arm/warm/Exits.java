package org.curios.arm.warm;

import org.curios.arm.warm.Assembler.Label;

/** The ways out of a block. */
interface Exits {
  /** Returns where an instruction is done by its node and the code is left. */
  Label slow(int where);

  /** Returns where the code is left, with the PC set. */
  Label left();

  /** Returns where to jump for a place in the granule, or outside. */
  Label to(int place);
}
