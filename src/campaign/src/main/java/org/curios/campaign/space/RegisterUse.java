package org.curios.campaign.space;

/**
 * Which of R0 to R14 an ARM instruction reads, and which it certainly writes without having read
 * them (ARM DDI 0100, A3). Unknown instructions read all of them: that gives more classes of
 * faults, but no wrong one.
 *
 * @param reads a bit for each register
 * @param writes a bit for each register
 */
record RegisterUse(int reads, int writes) {
  private static final int ALL = 0x7fff;
  private static final RegisterUse UNKNOWN = new RegisterUse(ALL, 0);
  private static final RegisterUse NONE = new RegisterUse(0, 0);
  private static final int SP = 13;
  private static final int LINK = 14;

  /**
   * Returns what an instruction uses.
   *
   * @param word the instruction
   * @param flags N, Z, C and V as in the CPSR when it is carried out
   */
  static RegisterUse of(int word, int flags) {
    int condition = word >>> 28;
    if (condition == 0xf) {
      return UNKNOWN;
    }
    if (!holds(condition, flags)) {
      return NONE;
    }
    int rn = 1 << (word >>> 16 & 15);
    int rd = 1 << (word >>> 12 & 15);
    RegisterUse use =
        switch (word >>> 25 & 7) {
          case 0 -> (word & 0x90) == 0x90 ? extension(word, rn, rd) : data(word, rn, rd);
          case 1 -> data(word, rn, rd);
          case 2 -> transfer(word, rn, rd, 0);
          case 3 -> (word & 0x10) != 0 ? UNKNOWN : transfer(word, rn, rd, 1 << (word & 15));
          case 4 -> multiple(word, rn);
          case 5 -> (word & 1 << 24) == 0 ? NONE : new RegisterUse(0, 1 << LINK);
          default -> UNKNOWN;
        };
    return new RegisterUse(use.reads & ALL, use.writes & ~use.reads & ALL);
  }

  private static boolean holds(int condition, int flags) {
    boolean n = flags >>> 31 != 0;
    boolean z = (flags >>> 30 & 1) != 0;
    boolean c = (flags >>> 29 & 1) != 0;
    boolean v = (flags >>> 28 & 1) != 0;
    boolean holds =
        switch (condition >>> 1) {
          case 0 -> z;
          case 1 -> c;
          case 2 -> n;
          case 3 -> v;
          case 4 -> c && !z;
          case 5 -> n == v;
          case 6 -> !z && n == v;
          default -> true;
        };
    return holds == ((condition & 1) == 0) || condition == 0xe;
  }

  private static RegisterUse data(int word, int rn, int rd) {
    int operation = word >>> 21 & 15;
    boolean compares = operation >= 8 && operation <= 11;
    if (compares && (word & 1 << 20) == 0) {
      return UNKNOWN; // status registers, branches to registers, saturation
    }
    int reads = operation == 13 || operation == 15 ? 0 : rn;
    if ((word & 1 << 25) == 0) {
      reads |= 1 << (word & 15);
      reads |= (word & 0x10) != 0 ? 1 << (word >>> 8 & 15) : 0;
    }
    return new RegisterUse(reads, compares ? 0 : rd);
  }

  /** Multiplications, and transfers of halfwords. */
  private static RegisterUse extension(int word, int rn, int rd) {
    if ((word & 0x0fc000f0) == 0x00000090) {
      int reads = 1 << (word & 15) | 1 << (word >>> 8 & 15) | ((word & 1 << 21) != 0 ? rd : 0);
      return new RegisterUse(reads, rn);
    }
    boolean halfword = (word & 0x60) == 0x20 || (word & 0x60) != 0 && (word & 1 << 20) != 0;
    if (!halfword) {
      return UNKNOWN; // swaps, long multiplications, doublewords
    }
    int offset = (word & 1 << 22) != 0 ? 0 : 1 << (word & 15);
    return transfer(word, rn, rd, offset);
  }

  private static RegisterUse transfer(int word, int rn, int rd, int offset) {
    boolean loads = (word & 1 << 20) != 0;
    return new RegisterUse(rn | offset | (loads ? 0 : rd), loads ? rd : 0);
  }

  private static RegisterUse multiple(int word, int rn) {
    if ((word & 1 << 22) != 0) {
      return UNKNOWN; // registers of another mode, or a return from an exception
    }
    boolean loads = (word & 1 << 20) != 0;
    int list = word & 0xffff;
    return new RegisterUse(rn | (loads ? 0 : list), loads ? list & ~(1 << SP) : 0);
  }
}
