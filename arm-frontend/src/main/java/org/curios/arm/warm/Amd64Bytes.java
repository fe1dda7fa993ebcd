package org.curios.arm.warm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of machine code of x86-64 hosts: prefixes, operands, and distances to be filled in (Intel
 * 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2).
 */
abstract class Amd64Bytes {
  /** The register that holds the address of the context: RBP. */
  static final int CONTEXT = 5;

  /** Operands from here on are words of the context. */
  private static final int FIELDS = 1 << 16;

  private static final int FIELD_BIAS = 1 << 15;

  static final int SHORT = 128;

  /** Where the number of a base stands for a byte that says more: that of RSP. */
  private static final int SIB = 4;

  private byte[] code = new byte[4096];
  int size;

  /** Whether the host's flags are still those of the operation that the writer knows. */
  boolean keepsFlags;

  /** A place in the code. */
  static final class Label {
    private int at = -1;

    /** Returns its distance from the beginning of the code. */
    int at() {
      return at;
    }
  }

  /** A distance of four bytes to be filled in, relative to its own end. */
  private record Gap(int at, Label to) {}

  /** A distance to an absolute address. */
  record Outside(int at, long to) {}

  private final List<Gap> gaps = new ArrayList<>();
  final List<Outside> outside = new ArrayList<>();

  /** Returns the operand of a word of the context. */
  static int field(int distance) {
    return FIELDS + FIELD_BIAS + distance;
  }

  static boolean isField(int operand) {
    return operand >= FIELDS;
  }

  private static int distance(int field) {
    return field - FIELDS - FIELD_BIAS;
  }

  int size() {
    return size;
  }

  /** Says that the host's flags have a meaning, until {@link #keepsFlags} says no. */
  void markFlags() {
    keepsFlags = true;
  }

  /** Says that they have none. */
  void forgetFlags() {
    keepsFlags = false;
  }

  boolean keepsFlags() {
    return keepsFlags;
  }

  void bind(Label label) {
    label.at = size;
  }

  /**
   * Returns the code for a certain place.
   *
   * @param address the host address where it will be
   */
  byte[] finish(long address) {
    for (Gap gap : gaps) {
      fill(gap.at, gap.to.at - gap.at - 4);
    }
    for (Outside gap : outside) {
      fill(gap.at, Math.toIntExact(gap.to - address - gap.at - 4));
    }
    return Arrays.copyOf(code, size);
  }

  void fill(int at, int value) {
    for (int i = 0; i < 4; i++) {
      code[at + i] = (byte) (value >>> 8 * i);
    }
  }

  // ---- bytes

  void one(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }

  void four(int value) {
    for (int i = 0; i < 4; i++) {
      one(value >>> 8 * i);
    }
  }

  void gap(Label to) {
    gaps.add(new Gap(size, to));
    four(0);
  }

  void prefix(boolean wide, int reg, int index, int base, boolean always) {
    int rex = (wide ? 8 : 0) | reg >>> 3 << 2 | index >>> 3 << 1 | base >>> 3;
    if (rex != 0 || always) {
      one(0x40 | rex);
    }
  }

  void opcode(int opcode) {
    if (opcode > 0xff) {
      one(opcode >>> 8);
    }
    one(opcode);
  }

  /** An opcode with a register, and a register or a word of the context. */
  void general(boolean wide, int opcode, int reg, int operand, boolean bytes) {
    boolean isField = isField(operand);
    int base = isField ? CONTEXT : operand;
    boolean always = bytes && (reg >= 4 || !isField && operand >= 4);
    prefix(wide, reg, 0, base, always);
    opcode(opcode);
    if (isField) {
      based(reg, base, distance(operand));
    } else {
      one(0xc0 | (reg & 7) << 3 | operand & 7);
    }
  }

  void based(int reg, int base, int distance) {
    boolean isShort = distance >= -SHORT && distance < SHORT;
    one((isShort ? 0x40 : 0x80) | (reg & 7) << 3 | base & 7);
    if ((base & 7) == SIB) {
      one(0x24);
    }
    if (isShort) {
      one(distance);
    } else {
      four(distance);
    }
  }

  /**
   * An opcode with a register and memory at a base, an index times 1, 2, 4 or 8, and a distance.
   */
  void indexed(
      boolean wide, int opcode, int reg, int base, int index, int scale, int distance, boolean b) {
    prefix(wide, reg, index, base, b && reg >= 4);
    opcode(opcode);
    boolean isShort = distance >= -SHORT && distance < SHORT;
    one((isShort ? 0x40 : 0x80) | (reg & 7) << 3 | SIB);
    one(Integer.numberOfTrailingZeros(scale) << 6 | (index & 7) << 3 | base & 7);
    if (isShort) {
      one(distance);
    } else {
      four(distance);
    }
  }

  /** An opcode with a word at an address. */
  void relative(int opcode, int reg, long address) {
    one(opcode);
    one((reg & 7) << 3 | 5);
    outside.add(new Outside(size, address));
    four(0);
  }
}
