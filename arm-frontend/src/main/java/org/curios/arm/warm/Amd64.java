package org.curios.arm.warm;

/**
 * Writes instructions of x86-64 hosts. Operations are on 32 bits unless their names say otherwise.
 * An operand is the number of a register, or {@link #field} for a word of the context.
 */
final class Amd64 extends Amd64Bytes {
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RSP = 4;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R8 = 8;
  static final int R9 = 9;
  static final int R10 = 10;
  static final int R11 = 11;
  static final int R12 = 12;
  static final int R13 = 13;
  static final int R14 = 14;
  static final int R15 = 15;

  /** Operations of {@link #operate}. */
  static final int ADD = 0;

  static final int OR = 1;
  static final int ADC = 2;
  static final int SBB = 3;
  static final int AND = 4;
  static final int SUB = 5;
  static final int XOR = 6;
  static final int CMP = 7;

  /** Operations of {@link #shift}. */
  static final int ROL = 0;

  static final int ROR = 1;
  static final int SHL = 4;
  static final int SHR = 5;
  static final int SAR = 7;

  /** Conditions; the lowest bit negates. */
  static final int OVERFLOW = 0;

  static final int BELOW = 2;
  static final int NOT_BELOW = 3;
  static final int EQUAL = 4;
  static final int NOT_EQUAL = 5;
  static final int NOT_ABOVE = 6;
  static final int ABOVE = 7;
  static final int SIGN = 8;
  static final int NO_SIGN = 9;
  static final int LESS = 12;
  static final int NOT_LESS = 13;
  static final int NOT_GREATER = 14;
  static final int GREATER = 15;

  // ---- moves, which keep the flags

  /** Loads a register from an operand. */
  void move(int to, int from) {
    if (to != from) {
      general(false, 0x8b, to, from, false);
    }
  }

  /** Writes a register to an operand. */
  void store(int to, int register) {
    if (to != register) {
      general(false, 0x89, register, to, false);
    }
  }

  void moveConstant(int to, int value) {
    if (isField(to)) {
      general(false, 0xc7, 0, to, false);
    } else {
      prefix(false, 0, 0, to, false);
      one(0xb8 | to & 7);
    }
    four(value);
  }

  /** Moves 64 bits. */
  void moveLong(int to, int from) {
    general(true, 0x8b, to, from, false);
  }

  /** Extends 32 bits to 64. */
  void moveSigned(int to, int from) {
    general(true, 0x63, to, from, false);
  }

  void storeLong(int to, int register) {
    general(true, 0x89, register, to, false);
  }

  void loadIndexed(int to, int base, int index, int scale, int distance) {
    indexed(false, 0x8b, to, base, index, scale, distance, false);
  }

  /** Loads from a register and a distance. */
  void loadBased(int to, int base, int distance) {
    prefix(false, to, 0, base, false);
    one(0x8b);
    based(to, base, distance);
  }

  void loadIndexedLong(int to, int base, int index, int scale, int distance) {
    indexed(true, 0x8b, to, base, index, scale, distance, false);
  }

  void storeIndexed(int from, int base, int index, int distance) {
    indexed(false, 0x89, from, base, index, 1, distance, false);
  }

  void storeByte(int from, int base, int index, int distance) {
    indexed(false, 0x88, from, base, index, 1, distance, true);
  }

  void storeShort(int from, int base, int index, int distance) {
    one(0x66);
    indexed(false, 0x89, from, base, index, 1, distance, false);
  }

  /** Loads a byte or a halfword with zeros or its sign. */
  void loadPart(int to, int base, int index, int distance, boolean isByte, boolean signed) {
    int opcode = (signed ? 0x0fbe : 0x0fb6) + (isByte ? 0 : 1);
    indexed(false, opcode, to, base, index, 1, distance, false);
  }

  /** Sign-extends the low half of an operand. */
  void extendShort(int to, int from) {
    general(false, 0x0fbf, to, from, false);
  }

  /** Zero-extends the low byte of a register. */
  void extendByte(int to, int from) {
    general(false, 0x0fb6, to, from, true);
  }

  /** Computes the sum of a register and a constant. */
  void sum(int to, int base, int constant) {
    if (constant == 0) {
      move(to, base);
    } else {
      prefix(false, to, 0, base, false);
      one(0x8d);
      based(to, base, constant);
    }
  }

  /** Computes the sum of two registers. */
  void sumOf(int to, int one, int two) {
    indexed(false, 0x8d, to, one, two, 1, 0, false);
  }

  /** Computes a register times a power of two up to eight, plus another. */
  void sumScaled(int to, int base, int index, int scale) {
    indexed(false, 0x8d, to, base, index, scale, 0, false);
  }

  void not(int register) {
    general(false, 0xf7, 2, register, false);
  }

  // ---- operations, which set the flags

  void operate(int operation, int to, int from) {
    keepsFlags = false;
    if (isField(to)) {
      general(false, operation << 3 | 1, from, to, false);
    } else {
      general(false, operation << 3 | 3, to, from, false);
    }
  }

  void operateConstant(int operation, int to, int constant) {
    keepsFlags = false;
    boolean isShort = constant >= -SHORT && constant < SHORT;
    if (!isShort && to == RAX) {
      one(operation << 3 | 5);
      four(constant);
      return;
    }
    general(false, isShort ? 0x83 : 0x81, operation, to, false);
    if (isShort) {
      one(constant);
    } else {
      four(constant);
    }
  }

  /** Adds 64 bits. */
  void addLong(int to, int from) {
    keepsFlags = false;
    general(true, 0x03, to, from, false);
  }

  void shiftLong(int operation, int register, int amount) {
    keepsFlags = false;
    general(true, 0xc1, operation, register, false);
    one(amount);
  }

  void shift(int operation, int register, int amount) {
    keepsFlags = false;
    general(false, 0xc1, operation, register, false);
    one(amount);
  }

  /** Shifts 64 bits by the low six bits of RCX. */
  void shiftLongByCl(int operation, int register) {
    keepsFlags = false;
    general(true, 0xd3, operation, register, false);
  }

  /** Shifts by the low five bits of RCX. */
  void shiftByCl(int operation, int register) {
    keepsFlags = false;
    general(false, 0xd3, operation, register, false);
  }

  void test(int register, int other) {
    keepsFlags = false;
    general(false, 0x85, other, register, false);
  }

  /** Tests bits of the low byte of a register. */
  void testBits(int register, int bits) {
    keepsFlags = false;
    if (register == RAX) {
      one(0xa8);
    } else {
      general(false, 0xf6, 0, register, true);
    }
    one(bits);
  }

  void multiply(int to, int from) {
    keepsFlags = false;
    general(false, 0x0faf, to, from, false);
  }

  /** Multiplies 64 bits. */
  void multiplyWide(int to, int from) {
    keepsFlags = false;
    general(true, 0x0faf, to, from, false);
  }

  /** Multiplies RAX and an operand to RDX and RAX. */
  void multiplyLong(int by, boolean signed) {
    keepsFlags = false;
    general(false, 0xf7, signed ? 5 : 4, by, false);
  }

  /** Finds the number of the highest bit that is set; sets the zero flag if there is none. */
  void highestBit(int to, int from) {
    keepsFlags = false;
    general(false, 0x0fbd, to, from, false);
  }

  void negate(int register) {
    keepsFlags = false;
    general(false, 0xf7, 3, register, false);
  }

  /** Inverts the carry flag. */
  void complementCarry() {
    keepsFlags = false;
    one(0xf5);
  }

  /** Sets the low byte of a register to 1 if a condition holds, otherwise to 0. */
  void set(int condition, int register) {
    general(false, 0x0f90 | condition, 0, register, true);
  }

  /** Moves a register to another if a condition holds. */
  void moveIf(int condition, int to, int from) {
    general(false, 0x0f40 | condition, to, from, false);
  }

  // ---- words at a distance from the code

  /** Compares a register with the word at a base, an index, and a distance. */
  void compareIndexed(int register, int base, int index, int distance) {
    keepsFlags = false;
    indexed(false, 0x3b, register, base, index, 1, distance, false);
  }

  /** Compares RDX with the word at an address. */
  void compareRdx(long address) {
    keepsFlags = false;
    relative(0x3b, RDX, address);
  }

  /** Jumps to the address that is at an address. */
  void jumpAt(long address) {
    relative(0xff, 4, address);
  }

  // ---- jumps

  void jump(Label to) {
    one(0xe9);
    gap(to);
  }

  void jumpIf(int condition, Label to) {
    one(0x0f);
    one(0x80 | condition);
    gap(to);
  }

  /** Jumps to an absolute address. */
  void jumpOutside(long to) {
    one(0xe9);
    outside.add(new Outside(size, to));
    four(0);
  }

  /** Jumps to an absolute address if a condition holds. */
  void jumpOutsideIf(int condition, long to) {
    one(0x0f);
    one(0x80 | condition);
    outside.add(new Outside(size, to));
    four(0);
  }

  void jumpRegister(int register) {
    prefix(false, 0, 0, register, false);
    one(0xff);
    one(0xe0 | register & 7);
  }

  /** Jumps to the address at a base, an index, and a distance. */
  void jumpIndexed(int base, int index, int distance) {
    indexed(false, 0xff, 4, base, index, 1, distance, false);
  }

  void push(int register) {
    prefix(false, 0, 0, register, false);
    one(0x50 | register & 7);
  }

  void pop(int register) {
    prefix(false, 0, 0, register, false);
    one(0x58 | register & 7);
  }

  void ret() {
    one(0xc3);
  }
}
