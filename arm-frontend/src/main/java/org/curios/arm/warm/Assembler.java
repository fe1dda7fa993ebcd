package org.curios.arm.warm;

import java.util.Arrays;

/**
 * Byte code of one method, written straight into bytes (JVMS, chapter 6). The JDK's own writer
 * takes ten times as long, mostly for tables that classes of version 49 do not need, and a cold
 * process has to compile it first.
 */
final class Assembler {
  /** Maximum bytes of code: jumps have distances of 16 bits. */
  static final int MOST = Short.MAX_VALUE;

  /** A target of jumps in the code. */
  static final class Label {
    private int at = -1;
  }

  private final Constants constants;
  private byte[] code = new byte[1 << 14];
  private int size;
  private Label[] targets = new Label[256];
  private int[] jumps = new int[256];
  private int jumpCount;

  Assembler(Constants constants) {
    this.constants = constants;
  }

  /** Returns the bytes of code so far. */
  int size() {
    return size;
  }

  /** Returns the code, with all jumps in place. */
  byte[] finish() {
    for (int i = 0; i < jumpCount; i++) {
      int from = jumps[i];
      int distance = targets[i].at - from;
      if (targets[i].at < 0) {
        throw new IllegalStateException("a label of byte code has no place");
      }
      code[from + 1] = (byte) (distance >> 8);
      code[from + 2] = (byte) distance;
    }
    return Arrays.copyOf(code, size);
  }

  private Assembler put(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
    return this;
  }

  private Assembler put16(int opcode, int value) {
    return put(opcode).put(value >> 8).put(value);
  }

  private Assembler local(int opcode, int shortForm, int number) {
    return number < 4 ? put(shortForm + number) : put(opcode).put(number);
  }

  // ---- constants and locals

  Assembler aconst_null() {
    return put(1);
  }

  Assembler iconst_m1() {
    return put(2);
  }

  Assembler iconst_0() {
    return put(3);
  }

  Assembler iconst_1() {
    return put(4);
  }

  Assembler loadConstant(int value) {
    if (value >= -1 && value <= 5) {
      return put(3 + value);
    }
    if (value == (byte) value) {
      return put(16).put(value);
    }
    if (value == (short) value) {
      return put16(17, value);
    }
    int index = constants.integer(value);
    return index < 256 ? put(18).put(index) : put16(19, index);
  }

  Assembler loadConstant(long value) {
    if (value == (int) value) {
      return loadConstant((int) value).i2l();
    }
    return put16(20, constants.longInteger(value));
  }

  Assembler iload(int number) {
    return local(21, 26, number);
  }

  Assembler lload(int number) {
    return local(22, 30, number);
  }

  Assembler aload(int number) {
    return local(25, 42, number);
  }

  Assembler astore(int number) {
    return local(58, 75, number);
  }

  Assembler istore(int number) {
    return local(54, 59, number);
  }

  Assembler lstore(int number) {
    return local(55, 63, number);
  }

  Assembler iaload() {
    return put(46);
  }

  Assembler iastore() {
    return put(79);
  }

  // ---- stack and arithmetic

  Assembler pop() {
    return put(87);
  }

  Assembler dup() {
    return put(89);
  }

  Assembler dup2() {
    return put(92);
  }

  Assembler swap() {
    return put(95);
  }

  Assembler iadd() {
    return put(96);
  }

  Assembler ladd() {
    return put(97);
  }

  Assembler isub() {
    return put(100);
  }

  Assembler imul() {
    return put(104);
  }

  Assembler lmul() {
    return put(105);
  }

  Assembler land() {
    return put(127);
  }

  Assembler lushr() {
    return put(125);
  }

  Assembler l2i() {
    return put(136);
  }

  Assembler ishl() {
    return put(120);
  }

  Assembler ishr() {
    return put(122);
  }

  Assembler iushr() {
    return put(124);
  }

  Assembler iand() {
    return put(126);
  }

  Assembler ior() {
    return put(128);
  }

  Assembler ixor() {
    return put(130);
  }

  Assembler i2l() {
    return put(133);
  }

  Assembler i2b() {
    return put(145);
  }

  Assembler i2s() {
    return put(147);
  }

  // ---- jumps

  Label newLabel() {
    return new Label();
  }

  Assembler labelBinding(Label label) {
    label.at = size;
    return this;
  }

  private Assembler jump(int opcode, Label to) {
    if (jumpCount == jumps.length) {
      jumps = Arrays.copyOf(jumps, 2 * jumpCount);
      targets = Arrays.copyOf(targets, 2 * jumpCount);
    }
    jumps[jumpCount] = size;
    targets[jumpCount++] = to;
    return put16(opcode, 0);
  }

  Assembler ifeq(Label to) {
    return jump(153, to);
  }

  Assembler ifne(Label to) {
    return jump(154, to);
  }

  Assembler iflt(Label to) {
    return jump(155, to);
  }

  Assembler ifge(Label to) {
    return jump(156, to);
  }

  Assembler if_icmpeq(Label to) {
    return jump(159, to);
  }

  Assembler if_icmpne(Label to) {
    return jump(160, to);
  }

  Assembler if_icmplt(Label to) {
    return jump(161, to);
  }

  Assembler if_icmpge(Label to) {
    return jump(162, to);
  }

  Assembler if_icmpgt(Label to) {
    return jump(163, to);
  }

  Assembler if_icmple(Label to) {
    return jump(164, to);
  }

  Assembler goto_(Label to) {
    return jump(167, to);
  }

  Assembler ireturn() {
    return put(172);
  }

  Assembler return_() {
    return put(177);
  }

  // ---- fields and methods; owners by their internal names

  Assembler getstatic(String owner, String name, String type) {
    return put16(178, constants.field(owner, name, type));
  }

  Assembler putstatic(String owner, String name, String type) {
    return put16(179, constants.field(owner, name, type));
  }

  Assembler getfield(String owner, String name, String type) {
    return put16(180, constants.field(owner, name, type));
  }

  Assembler putfield(String owner, String name, String type) {
    return put16(181, constants.field(owner, name, type));
  }

  Assembler invokevirtual(String owner, String name, String type) {
    return put16(182, constants.method(owner, name, type));
  }

  Assembler invokespecial(String owner, String name, String type) {
    return put16(183, constants.method(owner, name, type));
  }

  Assembler invokestatic(String owner, String name, String type) {
    return put16(184, constants.method(owner, name, type));
  }
}
