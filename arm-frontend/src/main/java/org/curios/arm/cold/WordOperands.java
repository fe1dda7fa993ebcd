package org.curios.arm.cold;

import org.curios.arm.core.Cpu;

/**
 * The fields of instruction words as {@link WordOperation} uses them: operands, results, flags and
 * addresses (ARM DDI 0100, A5). An operand may be a constant or a register that is shifted one way
 * or another; it is computed without a branch, which the host could not predict. The address after
 * the instruction is {@code next}.
 */
public final class WordOperands {
  /**
   * What {@link WordOperation#execute} returns if nothing has happened: no address of an
   * instruction in ARM state.
   */
  public static final int BY_NODE = 2;

  /**
   * What it returns for a jump to the address that would mean "continue": no address of an
   * instruction in ARM state either.
   */
  static final int JUMPS_TO_NEXT = 6;

  /** Number of R15. */
  public static final int PC = 15;

  public static final int IMMEDIATE = 1 << 25;
  public static final int PRE = 1 << 24;
  public static final int UP = 1 << 23;
  public static final int WRITES_BACK = 1 << 21;
  public static final int SETS_FLAGS = 1 << 20;

  /**
   * Second operands by {@link #shift}: the bits that are kept of the register or constant once it
   * is rotated, above them the distance, to the right; the highest bit says that the others are the
   * sign.
   */
  private static final long[] SHIFTS = shifts();

  /** The bit of the register or constant that is the carry-out, or -1 for none. */
  private static final byte[] CARRIES = carries();

  private WordOperands() {}

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

  /** Returns whether a second operand or an index is a register rotated through the carry. */
  public static boolean rotatesThroughCarry(int word) {
    if ((word & 0xff0) != 0x60) {
      return false;
    }
    int group = word >>> 25 & 7;
    return group == 0 || group == 3;
  }

  // ---- operands and results

  static int left(Cpu cpu, int word, int next) {
    int rn = word >>> 16 & 15;
    return rn == PC ? next + 4 : cpu.number(rn);
  }

  static int base(Cpu cpu, int word, int next) {
    int rm = word & 15;
    return rm == PC ? next + 4 : cpu.number(rm);
  }

  /** Returns the number of a second operand in {@link #SHIFTS}. */
  static int shift(int word) {
    return word >>> 5 & 0x7f | word >>> 18 & 0x80;
  }

  /** Returns the register that is shifted, or the constant that is rotated. */
  static int unshifted(Cpu cpu, int word, int next) {
    int constant = word << 6 >> 31;
    return base(cpu, word, next) & ~constant | word & 0xff & constant;
  }

  static int shifted(int base, long shift) {
    int kept = (int) shift;
    return Integer.rotateRight(base, (int) (shift >>> 32)) & kept
        | base >> 31 & (int) (shift >> 63) & ~kept;
  }

  static int right(Cpu cpu, int word, int next) {
    return shifted(unshifted(cpu, word, next), SHIFTS[shift(word)]);
  }

  static int write(Cpu cpu, int word, int next, int result) {
    int rd = word >>> 12 & 15;
    if (rd == PC) {
      return jump(result & ~3, next);
    }
    cpu.setNumber(rd, result);
    return next;
  }

  static int writeInThumb(Cpu cpu, int word, int next, int result) {
    int rd = word >>> 12 & 15;
    if (rd == PC) {
      return result | 1;
    }
    cpu.setNumber(rd, result);
    return next;
  }

  // ---- flags; with R15 as its destination an instruction returns from an exception

  static int logical(Cpu cpu, int word, int next, int result) {
    if ((word >>> 12 & 15) == PC) {
      return BY_NODE;
    }
    setLogical(cpu, word, next, result);
    return write(cpu, word, next, result);
  }

  static void setLogical(Cpu cpu, int word, int next, int result) {
    int bit = CARRIES[shift(word)];
    if (bit >= 0) {
      cpu.setCarryOverflow(unshifted(cpu, word, next) >>> bit & 1, cpu.overflow());
    }
    cpu.n = result;
    cpu.z = result;
  }

  static int subtract(Cpu cpu, int word, int next, int left, int right) {
    if ((word >>> 12 & 15) == PC) {
      return BY_NODE;
    }
    return write(cpu, word, next, setSubtraction(cpu, left, right));
  }

  static int setSubtraction(Cpu cpu, int left, int right) {
    int result = left - right;
    cpu.left = left;
    cpu.right = right;
    cpu.n = result;
    cpu.z = result;
    return result;
  }

  static int add(Cpu cpu, int word, int next, int left, int right, int carry) {
    if ((word >>> 12 & 15) == PC) {
      return BY_NODE;
    }
    return write(cpu, word, next, setAddition(cpu, left, right, carry));
  }

  public static int setAddition(Cpu cpu, int left, int right, int carry) {
    int result = left + right + carry;
    int carryOut = (int) ((left & 0xffffffffL) + (right & 0xffffffffL) + carry >>> 32);
    cpu.setCarryOverflow(carryOut, (left ^ result) & (right ^ result));
    cpu.n = result;
    cpu.z = result;
    return result;
  }

  static void setProduct(Cpu cpu, int word, int result) {
    if ((word & SETS_FLAGS) != 0) {
      cpu.n = result;
      cpu.z = result;
    }
    cpu.setNumber(word >>> 16 & 15, result);
  }

  // ---- addresses

  static int indexed(Cpu cpu, int word, int next, int base) {
    int offset =
        (word & IMMEDIATE) == 0
            ? word & 0xfff
            : shifted(base(cpu, word, next), SHIFTS[word >>> 5 & 0x7f]);
    return (word & UP) != 0 ? base + offset : base - offset;
  }

  static int indexedByHalf(Cpu cpu, int word, int next, int base) {
    int offset = (word & 1 << 22) != 0 ? word >>> 4 & 0xf0 | word & 15 : base(cpu, word, next);
    return (word & UP) != 0 ? base + offset : base - offset;
  }

  public static boolean isAsUser(int word) {
    return (word & (PRE | WRITES_BACK)) == WRITES_BACK;
  }

  static void writeBack(Cpu cpu, int word, int indexed) {
    int rn = word >>> 16 & 15;
    if ((word & (PRE | WRITES_BACK)) != PRE && rn != PC) {
      cpu.setNumber(rn, indexed);
    }
  }

  static int load(Cpu cpu, int word, int next, int value) {
    int rd = word >>> 12 & 15;
    if (rd == PC) {
      return exchange(value, next);
    }
    cpu.setNumber(rd, value);
    return next;
  }

  /** Returns the distance from the base to the lowest address of LDM or STM. */
  public static int lowest(int word, int bytes) {
    boolean pre = (word & PRE) != 0;
    return (word & UP) != 0 ? pre ? 4 : 0 : pre ? -bytes : 4 - bytes;
  }

  static void stepBase(Cpu cpu, int word, int base, int bytes) {
    if ((word & WRITES_BACK) != 0) {
      cpu.setNumber(word >>> 16 & 15, (word & UP) != 0 ? base + bytes : base - bytes);
    }
  }

  // ---- jumps

  /** Returns a target whose bit 0 chooses the state. */
  static int exchange(int target, int next) {
    return (target & 1) != 0 ? target : jump(target & ~3, next);
  }

  /** Returns a target that differs from the value that means to continue. */
  static int jump(int target, int next) {
    return target == next ? JUMPS_TO_NEXT : target;
  }
}
