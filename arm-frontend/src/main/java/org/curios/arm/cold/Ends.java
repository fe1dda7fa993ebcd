package org.curios.arm.cold;

/** Whether an operation ends its block, even where its condition does not hold. */
enum Ends {
  NEVER,

  /** When its destination is R15. */
  BY_RD,

  /** When R15 is in its list of registers. */
  BY_LIST,

  ALWAYS;

  /** Returns whether an instruction does. */
  boolean block(int word) {
    return switch (this) {
      case NEVER -> false;
      case BY_RD -> (word >>> 12 & 15) == WordOperands.PC;
      case BY_LIST -> (word >>> WordOperands.PC & 1) != 0;
      case ALWAYS -> true;
    };
  }
}
