package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;

/** Bits and modes of the program status registers (ARM DDI 0100, A2.5). */
public final class Psr {
  public static final int N = 1 << 31;
  public static final int Z = 1 << 30;
  public static final int C = 1 << 29;
  public static final int V = 1 << 28;
  public static final int Q = 1 << 27;
  public static final int I = 1 << 7;
  public static final int F = 1 << 6;
  public static final int T = 1 << 5;
  public static final int MODE = 0x1f;

  public static final int USER = 0x10;
  public static final int FIQ = 0x11;
  public static final int IRQ = 0x12;
  public static final int SUPERVISOR = 0x13;
  public static final int ABORT = 0x17;
  public static final int UNDEFINED = 0x1b;
  public static final int SYSTEM = 0x1f;

  /** Bits that an ARMv5TE implementation has; the others read as zero. */
  public static final int IMPLEMENTED = N | Z | C | V | Q | I | F | T | MODE;

  @CompilationFinal(dimensions = 1)
  private static final byte[] BANKS = new byte[MODE + 1];

  static {
    BANKS[FIQ] = 1;
    BANKS[IRQ] = 2;
    BANKS[SUPERVISOR] = 3;
    BANKS[ABORT] = 4;
    BANKS[UNDEFINED] = 5;
  }

  /** One bit for each valid value of the mode bits. */
  private static final int MODES =
      1 << USER | 1 << FIQ | 1 << IRQ | 1 << SUPERVISOR | 1 << ABORT | 1 << UNDEFINED | 1 << SYSTEM;

  private Psr() {}

  /** Returns the bits of the fields that MSR names: c 1, x 2, s 4, f 8. */
  public static int ofFields(int fields) {
    int mask = 0;
    for (int i = 0; i < 4; i++) {
      mask |= (fields >>> i & 1) * 0xff << 8 * i;
    }
    return mask & IMPLEMENTED;
  }

  /**
   * Returns the bank of R13, R14 and the SPSR of a mode: 0 for user and system, then FIQ, IRQ, SVC,
   * ABT, UND.
   */
  static int bank(int mode) {
    return BANKS[mode & MODE];
  }

  /** Returns the name of a mode. */
  public static String name(int mode) {
    return switch (mode & MODE) {
      case USER -> "user";
      case FIQ -> "FIQ";
      case IRQ -> "IRQ";
      case SUPERVISOR -> "supervisor";
      case ABORT -> "abort";
      case UNDEFINED -> "undefined";
      case SYSTEM -> "system";
      default -> "none";
    };
  }

  /** Returns whether the five mode bits are valid. */
  static boolean isMode(int bits) {
    return (MODES >>> (bits & MODE) & 1) != 0;
  }
}
