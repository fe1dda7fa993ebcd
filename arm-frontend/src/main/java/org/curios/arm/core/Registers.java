package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.curios.arm.bus.HostMemory;

/**
 * The registers of the current mode, the flags and the budget. The {@link Cpu} is one, a constant
 * of translated code, so that each field is one host memory operand. Loops work on a copy that
 * partial evaluation turns into host registers.
 */
public class Registers {
  /** Offset of each register's field in this object, for {@link #get} and {@link #set}. */
  @CompilationFinal(dimensions = 1)
  private static final long[] REGISTER = new long[16];

  /** Registers 0 to 14, and the field that instructions use for R15 where it is UNPREDICTABLE. */
  static final int COUNT = REGISTER.length;

  static {
    for (int i = 0; i < REGISTER.length; i++) {
      REGISTER[i] = HostMemory.fieldOffset(Registers.class, "r" + i);
    }
  }

  public int r0;
  public int r1;
  public int r2;
  public int r3;
  public int r4;
  public int r5;
  public int r6;
  public int r7;
  public int r8;
  public int r9;
  public int r10;
  public int r11;
  public int r12;
  public int r13;
  public int r14;

  /**
   * What instructions access as R15 where the manual says UNPREDICTABLE, such as a multiplication;
   * the PC is elsewhere and does not change.
   */
  public int r15;

  /** The N flag is the sign of this. */
  public int n;

  /** The Z flag is set if this is zero. */
  public int z = 1;

  /**
   * The C and V flags are those of the subtraction {@code left - right}, nearly always the last one
   * that set them. So a subtraction only has to store its operands.
   */
  public int left;

  /** See {@link #left}. */
  public int right = 1;

  /** The Q flag: 0 or 1. */
  public int q;

  /**
   * Instructions that may run before the machine checks its events; each block subtracts its length
   * in advance.
   */
  public int budget;

  /** Block at which translated code continues if it is not known at compile time. */
  public int startBlock;

  /** Parts of the region that runs that may be fetched in this address space, a bit each. */
  public long open;

  /** Returns the C flag: 0 or 1. */
  public int carry() {
    return isCarry() ? 1 : 0;
  }

  /** Returns whether the C flag is set. */
  public boolean isCarry() {
    return Integer.compareUnsigned(left, right) >= 0;
  }

  /** Returns a value whose sign is the V flag. */
  public int overflow() {
    return (left ^ right) & (left ^ left - right);
  }

  /**
   * Sets C and V.
   *
   * @param carry 0 or 1
   * @param overflow a value whose sign is the V flag
   */
  public void setCarryOverflow(int carry, int overflow) {
    int v = overflow >> 31;
    int notCarry = carry ^ 1;
    left = carry << 31 & v; // 0 or, with both flags, the least number minus 1
    right = carry & v | notCarry << (31 & v); // 0 - 0, 0 - 1, 0 - least, least - 1
  }

  /** Returns the N, Z, C, V and Q bits at their positions in a PSR. */
  public int flags() {
    return n & Psr.N | (z == 0 ? Psr.Z : 0) | carry() << 29 | overflow() >>> 3 & Psr.V | q << 27;
  }

  /** Sets N, Z, C, V and Q from their positions in a PSR. */
  public void setFlags(int psr) {
    n = psr;
    z = ~psr & Psr.Z;
    setCarryOverflow(psr >>> 29 & 1, psr << 3);
    q = psr >>> 27 & 1;
  }

  /** Returns all {@link #COUNT} registers. */
  int[] values() {
    return Arrays.stream(REGISTER).mapToInt(this::get).toArray();
  }

  /** Sets all {@link #COUNT} registers. */
  void put(int[] values) {
    for (int i = 0; i < COUNT; i++) {
      set(REGISTER[i], values[i]);
    }
  }

  /** Returns the offset that {@link #get} and {@link #set} take for a register 0 to 15. */
  public static long offset(int register) {
    return REGISTER[register];
  }

  private static final long FIRST = REGISTER[0];

  private static final boolean CONSECUTIVE =
      IntStream.range(0, REGISTER.length).allMatch(i -> REGISTER[i] == FIRST + 4L * i);

  /** Reads a register 0 to 15. */
  public int number(int register) {
    return get(CONSECUTIVE ? FIRST + 4L * register : REGISTER[register]);
  }

  /** Writes a register 0 to 15. */
  public void setNumber(int register, int value) {
    set(CONSECUTIVE ? FIRST + 4L * register : REGISTER[register], value);
  }

  /** Reads a register by its offset: one load in compiled code. */
  public int get(long offset) {
    return HostMemory.getField(this, offset);
  }

  /** Writes a register by its offset: one store in compiled code. */
  public void set(long offset, int value) {
    HostMemory.putField(this, offset, value);
  }
}
