package org.curios.arm;

/**
 * What the instructions do that {@link WordInterpreter} knows, their conditions aside (ARM DDI
 * 0100, A4.1, A5). Each is a method of its own, for the host's compiler: in one large switch it
 * would compute ahead of the jump whatever two cases have in common, and have no registers left for
 * it.
 *
 * <p>An operand may be a constant or a register that is shifted one way or another; it is computed
 * without a branch, which the host could not predict.
 */
enum WordOperation {
  /** Whatever is left to the node of the instruction. */
  NODE {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return BY_NODE;
    }
  },
  AND(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) & right(cpu, word, next));
    }
  },
  EOR(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) ^ right(cpu, word, next));
    }
  },
  SUB(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) - right(cpu, word, next));
    }
  },
  RSB(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, right(cpu, word, next) - left(cpu, word, next));
    }
  },
  ADD(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) + right(cpu, word, next));
    }
  },
  ADC(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) + right(cpu, word, next) + cpu.carry());
    }
  },
  SBC(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(
          cpu, word, next, left(cpu, word, next) - right(cpu, word, next) - 1 + cpu.carry());
    }
  },
  RSC(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(
          cpu, word, next, right(cpu, word, next) - left(cpu, word, next) - 1 + cpu.carry());
    }
  },
  ORR(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) | right(cpu, word, next));
    }
  },
  MOV(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, right(cpu, word, next));
    }
  },
  BIC(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) & ~right(cpu, word, next));
    }
  },
  MVN(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, ~right(cpu, word, next));
    }
  },
  ANDS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) & right(cpu, word, next));
    }
  },
  EORS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) ^ right(cpu, word, next));
    }
  },
  SUBS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return subtract(cpu, word, next, left(cpu, word, next), right(cpu, word, next));
    }
  },
  RSBS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return subtract(cpu, word, next, right(cpu, word, next), left(cpu, word, next));
    }
  },
  ADDS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, left(cpu, word, next), right(cpu, word, next), 0);
    }
  },
  ADCS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, left(cpu, word, next), right(cpu, word, next), cpu.carry());
    }
  },
  SBCS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, left(cpu, word, next), ~right(cpu, word, next), cpu.carry());
    }
  },
  RSCS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, right(cpu, word, next), ~left(cpu, word, next), cpu.carry());
    }
  },
  TST {
    @Override
    int execute(Cpu cpu, int word, int next) {
      setLogical(cpu, word, next, left(cpu, word, next) & right(cpu, word, next));
      return next;
    }
  },
  TEQ {
    @Override
    int execute(Cpu cpu, int word, int next) {
      setLogical(cpu, word, next, left(cpu, word, next) ^ right(cpu, word, next));
      return next;
    }
  },
  CMP {
    @Override
    int execute(Cpu cpu, int word, int next) {
      setSubtraction(cpu, left(cpu, word, next), right(cpu, word, next));
      return next;
    }
  },
  CMN {
    @Override
    int execute(Cpu cpu, int word, int next) {
      setAddition(cpu, left(cpu, word, next), right(cpu, word, next), 0);
      return next;
    }
  },
  ORRS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) | right(cpu, word, next));
    }
  },
  MOVS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, right(cpu, word, next));
    }
  },
  BICS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) & ~right(cpu, word, next));
    }
  },
  MVNS(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, ~right(cpu, word, next));
    }
  },
  LDR(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(isAsUser(word));
      if (!Memory.isFast(table, address, 4)) {
        return BY_NODE;
      }
      int value = cpu.memory.fastInt(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  LDRB(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(isAsUser(word));
      if (!Memory.isFast(table, address, 1)) {
        return BY_NODE;
      }
      int value = cpu.memory.fastByte(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  STR {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.stores(isAsUser(word));
      if (!Memory.isFast(table, address, 4)) {
        return BY_NODE;
      }
      int rd = word >>> 12 & 15;
      cpu.memory.fastPutInt(table, address, rd == PC ? next + 8 : cpu.number(rd));
      writeBack(cpu, word, indexed);
      return next;
    }
  },
  STRB {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.stores(isAsUser(word));
      if (!Memory.isFast(table, address, 1)) {
        return BY_NODE;
      }
      int rd = word >>> 12 & 15;
      cpu.memory.fastPutByte(table, address, rd == PC ? next + 8 : cpu.number(rd));
      writeBack(cpu, word, indexed);
      return next;
    }
  },
  LDRH(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(false);
      if (!Memory.isFast(table, address, 2)) {
        return BY_NODE;
      }
      int value = cpu.memory.fastShort(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  LDRSH(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(false);
      if (!Memory.isFast(table, address, 2)) {
        return BY_NODE;
      }
      int value = (short) cpu.memory.fastShort(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  LDRSB(Ends.BY_RD) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(false);
      if (!Memory.isFast(table, address, 1)) {
        return BY_NODE;
      }
      int value = (byte) cpu.memory.fastByte(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  STRH {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.stores(false);
      if (!Memory.isFast(table, address, 2) || (word >>> 12 & 15) == PC) {
        return BY_NODE;
      }
      cpu.memory.fastPutShort(table, address, cpu.number(word >>> 12 & 15));
      writeBack(cpu, word, indexed);
      return next;
    }
  },
  LDM(Ends.BY_LIST) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int list = word & 0xffff;
      int rn = word >>> 16 & 15;
      int bytes = 4 * Integer.bitCount(list);
      int base = cpu.number(rn);
      int address = base + lowest(word, bytes);
      if (rn == PC || list == 0 || !Memory.isFastBlock(cpu.entries, address, address + bytes - 4)) {
        return BY_NODE;
      }
      long from = cpu.memory.fastAddress(cpu.entries, address);
      for (int left = list & 0x7fff; left != 0; left &= left - 1) {
        cpu.setNumber(Integer.numberOfTrailingZeros(left), HostMemory.getInt(from));
        from += 4;
      }
      if ((list >>> rn & 1) == 0) {
        stepBase(cpu, word, base, bytes);
      }
      return list >>> PC == 0 ? next : exchange(HostMemory.getInt(from));
    }
  },
  STM {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int list = word & 0xffff;
      int rn = word >>> 16 & 15;
      int bytes = 4 * Integer.bitCount(list);
      int base = cpu.number(rn);
      int address = base + lowest(word, bytes);
      long table = cpu.stores(false);
      if (rn == PC || list == 0 || !Memory.isFastBlock(table, address, address + bytes - 4)) {
        return BY_NODE;
      }
      long to = cpu.memory.fastAddress(table, address);
      for (int left = list & 0x7fff; left != 0; left &= left - 1) {
        HostMemory.putInt(to, cpu.number(Integer.numberOfTrailingZeros(left)));
        to += 4;
      }
      if (list >>> PC != 0) {
        HostMemory.putInt(to, next + 8);
      }
      stepBase(cpu, word, base, bytes);
      return next;
    }
  },
  MUL {
    @Override
    int execute(Cpu cpu, int word, int next) {
      setProduct(cpu, word, cpu.number(word & 15) * cpu.number(word >>> 8 & 15));
      return next;
    }
  },
  MLA {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int product = cpu.number(word & 15) * cpu.number(word >>> 8 & 15);
      setProduct(cpu, word, product + cpu.number(word >>> 12 & 15));
      return next;
    }
  },
  /** UMULL, UMLAL, SMULL, SMLAL. */
  MULL {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int high = word >>> 16 & 15;
      int low = word >>> 12 & 15;
      long left = cpu.number(word & 15);
      long right = cpu.number(word >>> 8 & 15);
      boolean signed = (word & 1 << 22) != 0;
      long result = signed ? left * right : (left & 0xffffffffL) * (right & 0xffffffffL);
      if ((word & 1 << 21) != 0) {
        result += (long) cpu.number(high) << 32 | cpu.number(low) & 0xffffffffL;
      }
      if ((word & SETS_FLAGS) != 0) {
        cpu.n = (int) (result >>> 32);
        cpu.z = (int) (result >>> 32) | (int) result;
      }
      cpu.setNumber(low, (int) result);
      cpu.setNumber(high, (int) (result >>> 32));
      return next;
    }
  },
  B(Ends.ALWAYS) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return next + 4 + (word << 8 >> 6);
    }
  },
  BL(Ends.ALWAYS) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      cpu.r14 = next;
      return next + 4 + (word << 8 >> 6);
    }
  },
  BX(Ends.ALWAYS) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      return exchange(base(cpu, word, next));
    }
  },
  BLX(Ends.ALWAYS) {
    @Override
    int execute(Cpu cpu, int word, int next) {
      int target = exchange(base(cpu, word, next));
      cpu.r14 = next;
      return target;
    }
  };

  /** Whether an operation ends its block, even where its condition does not hold. */
  private enum Ends {
    NEVER,
    BY_RD,
    BY_LIST,
    ALWAYS
  }

  /** What {@link #execute} returns if nothing has happened: no address of an instruction. */
  static final int BY_NODE = 2;

  /** Number of R15. */
  private static final int PC = 15;

  private static final int IMMEDIATE = 1 << 25;
  private static final int PRE = 1 << 24;
  private static final int UP = 1 << 23;
  private static final int WRITES_BACK = 1 << 21;
  private static final int SETS_FLAGS = 1 << 20;

  /**
   * Second operands by {@link #shift}: the bits that are kept of the register or constant once it
   * is rotated, above them the distance, to the right; the highest bit says that the others are the
   * sign.
   */
  private static final long[] SHIFTS = shifts();

  /** The bit of the register or constant that is the carry-out, or -1 for none. */
  private static final byte[] CARRIES = carries();

  private final Ends ends;

  WordOperation() {
    this(Ends.NEVER);
  }

  WordOperation(Ends ends) {
    this.ends = ends;
  }

  private static long[] shifts() {
    long[] shifts = new long[256];
    for (int i = 0; i < 128; i++) {
      int amount = i >>> 2;
      int shiftedRight = amount == 0 ? 0 : -1 >>> amount;
      shifts[i] =
          switch (i & 3) {
            case 0 -> shift(-amount, -1 << amount, false);
            case 1 -> shift(amount, shiftedRight, false);
            case 2 -> shift(amount, shiftedRight, true);
            default -> shift(amount, -1, false);
          };
      shifts[128 + i] = shift(2 * (i >>> 3), -1, false);
    }
    return shifts;
  }

  private static long shift(int distance, int kept, boolean sign) {
    return (sign ? Long.MIN_VALUE : 0) | (distance & 31L) << 32 | kept & 0xffffffffL;
  }

  private static byte[] carries() {
    byte[] carries = new byte[256];
    for (int i = 0; i < 128; i++) {
      int amount = i >>> 2;
      carries[i] = (byte) (i == 0 ? -1 : (i & 3) == 0 ? 32 - amount : amount - 1 & 31);
      carries[128 + i] = (byte) (2 * (i >>> 3) - 1);
    }
    return carries;
  }

  /**
   * Carries an instruction out whose condition holds.
   *
   * @param next the address behind it
   * @return the address of the instruction to go on with, with the T bit, or {@link #BY_NODE}
   */
  abstract int execute(Cpu cpu, int word, int next);

  /** Returns whether an instruction ends its block, even where its condition does not hold. */
  boolean endsBlock(int word) {
    return switch (ends) {
      case NEVER -> false;
      case BY_RD -> (word >>> 12 & 15) == PC;
      case BY_LIST -> (word >>> PC & 1) != 0;
      case ALWAYS -> true;
    };
  }

  /** Returns whether a second operand or an index is a register rotated through the carry. */
  static boolean rotatesThroughCarry(int word) {
    if ((word & 0xff0) != 0x60) {
      return false;
    }
    int group = word >>> 25 & 7;
    return group == 0 || group == 3;
  }

  // ---- operands and results

  private static int left(Cpu cpu, int word, int next) {
    int rn = word >>> 16 & 15;
    return rn == PC ? next + 4 : cpu.number(rn);
  }

  private static int base(Cpu cpu, int word, int next) {
    int rm = word & 15;
    return rm == PC ? next + 4 : cpu.number(rm);
  }

  /** Returns the number of a second operand in {@link #SHIFTS}. */
  private static int shift(int word) {
    return word >>> 5 & 0x7f | word >>> 18 & 0x80;
  }

  /** Returns the register that is shifted, or the constant that is rotated. */
  private static int unshifted(Cpu cpu, int word, int next) {
    int constant = word << 6 >> 31;
    return base(cpu, word, next) & ~constant | word & 0xff & constant;
  }

  private static int shifted(int base, long shift) {
    int kept = (int) shift;
    return Integer.rotateRight(base, (int) (shift >>> 32)) & kept
        | base >> 31 & (int) (shift >> 63) & ~kept;
  }

  private static int right(Cpu cpu, int word, int next) {
    return shifted(unshifted(cpu, word, next), SHIFTS[shift(word)]);
  }

  private static int write(Cpu cpu, int word, int next, int result) {
    int rd = word >>> 12 & 15;
    if (rd == PC) {
      return result & ~3;
    }
    cpu.setNumber(rd, result);
    return next;
  }

  // ---- flags; with R15 as its destination an instruction returns from an exception

  private static int logical(Cpu cpu, int word, int next, int result) {
    if ((word >>> 12 & 15) == PC) {
      return BY_NODE;
    }
    setLogical(cpu, word, next, result);
    return write(cpu, word, next, result);
  }

  private static void setLogical(Cpu cpu, int word, int next, int result) {
    int bit = CARRIES[shift(word)];
    if (bit >= 0) {
      cpu.setCarryOverflow(unshifted(cpu, word, next) >>> bit & 1, cpu.overflow());
    }
    cpu.n = result;
    cpu.z = result;
  }

  private static int subtract(Cpu cpu, int word, int next, int left, int right) {
    if ((word >>> 12 & 15) == PC) {
      return BY_NODE;
    }
    return write(cpu, word, next, setSubtraction(cpu, left, right));
  }

  private static int setSubtraction(Cpu cpu, int left, int right) {
    int result = left - right;
    cpu.left = left;
    cpu.right = right;
    cpu.n = result;
    cpu.z = result;
    return result;
  }

  private static int add(Cpu cpu, int word, int next, int left, int right, int carry) {
    if ((word >>> 12 & 15) == PC) {
      return BY_NODE;
    }
    return write(cpu, word, next, setAddition(cpu, left, right, carry));
  }

  private static int setAddition(Cpu cpu, int left, int right, int carry) {
    int result = left + right + carry;
    int carryOut = (int) ((left & 0xffffffffL) + (right & 0xffffffffL) + carry >>> 32);
    cpu.setCarryOverflow(carryOut, (left ^ result) & (right ^ result));
    cpu.n = result;
    cpu.z = result;
    return result;
  }

  private static void setProduct(Cpu cpu, int word, int result) {
    if ((word & SETS_FLAGS) != 0) {
      cpu.n = result;
      cpu.z = result;
    }
    cpu.setNumber(word >>> 16 & 15, result);
  }

  // ---- addresses

  private static int indexed(Cpu cpu, int word, int next, int base) {
    int offset =
        (word & IMMEDIATE) == 0
            ? word & 0xfff
            : shifted(base(cpu, word, next), SHIFTS[word >>> 5 & 0x7f]);
    return (word & UP) != 0 ? base + offset : base - offset;
  }

  private static int indexedByHalf(Cpu cpu, int word, int next, int base) {
    int offset = (word & 1 << 22) != 0 ? word >>> 4 & 0xf0 | word & 15 : base(cpu, word, next);
    return (word & UP) != 0 ? base + offset : base - offset;
  }

  private static boolean isAsUser(int word) {
    return (word & (PRE | WRITES_BACK)) == WRITES_BACK;
  }

  private static void writeBack(Cpu cpu, int word, int indexed) {
    int rn = word >>> 16 & 15;
    if ((word & (PRE | WRITES_BACK)) != PRE && rn != PC) {
      cpu.setNumber(rn, indexed);
    }
  }

  private static int load(Cpu cpu, int word, int next, int value) {
    int rd = word >>> 12 & 15;
    if (rd == PC) {
      return exchange(value);
    }
    cpu.setNumber(rd, value);
    return next;
  }

  /** Returns the distance from the base to the lowest address of LDM or STM. */
  private static int lowest(int word, int bytes) {
    boolean pre = (word & PRE) != 0;
    return (word & UP) != 0 ? pre ? 4 : 0 : pre ? -bytes : 4 - bytes;
  }

  private static void stepBase(Cpu cpu, int word, int base, int bytes) {
    if ((word & WRITES_BACK) != 0) {
      cpu.setNumber(word >>> 16 & 15, (word & UP) != 0 ? base + bytes : base - bytes);
    }
  }

  /** Returns a target whose bit 0 chooses the state. */
  private static int exchange(int target) {
    return (target & 1) != 0 ? target : target & ~3;
  }
}
