package org.curios.arm.warm;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** A class of the host as bytes (JVMS, 4.1), with the little that translated code needs. */
final class ClassWriter {
  static final int PUBLIC = 1;
  static final int PRIVATE = 2;
  static final int PROTECTED = 4;
  static final int STATIC = 8;
  static final int FINAL = 0x10;
  static final int NATIVE = 0x100;

  private static final int SUPER_CALLS = 0x20;
  private static final int MAGIC = 0xcafebabe;

  /** The last version of classes that need no tables for their verification. */
  private static final int VERSION = 49;

  /** Maximum number of values on the stack, and of locals, of any method. */
  private static final int DEPTH = 20;

  private final Constants constants = new Constants();
  private final Members fields = new Members();
  private final Members methods = new Members();
  private final int name;
  private final int superclass;

  /** Fields or methods as bytes. */
  private static final class Members {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
    final DataOutputStream out = new DataOutputStream(bytes);
    int count;
  }

  /**
   * Starts a public final class.
   *
   * @param name its internal name
   * @param superclass that of the class that it extends
   */
  ClassWriter(String name, String superclass) {
    this.name = constants.type(name);
    this.superclass = constants.type(superclass);
  }

  void field(int flags, String field, String type) {
    try {
      member(fields, flags, field, type, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a method without code. */
  void nativeMethod(int flags, String method, String type) {
    try {
      member(methods, flags | NATIVE, method, type, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds a method.
   *
   * @return whether its code is short enough
   */
  boolean method(int flags, String method, String type, Consumer<Assembler> body) {
    Assembler assembler = new Assembler(constants);
    body.accept(assembler);
    if (assembler.size() > Assembler.MOST) {
      return false;
    }
    byte[] code = assembler.finish();
    try {
      member(methods, flags, method, type, 1);
      methods.out.writeShort(constants.utf8("Code"));
      methods.out.writeInt(12 + code.length);
      methods.out.writeShort(DEPTH);
      methods.out.writeShort(DEPTH);
      methods.out.writeInt(code.length);
      methods.out.write(code);
      methods.out.writeInt(0); // exceptions, attributes
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  private void member(Members to, int flags, String member, String type, int attributes)
      throws IOException {
    to.out.writeShort(flags);
    to.out.writeShort(constants.utf8(member));
    to.out.writeShort(constants.utf8(type));
    to.out.writeShort(attributes);
    to.count++;
  }

  /** Returns the class. */
  byte[] finish() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 15);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      constants.write(out);
      out.writeShort(PUBLIC | FINAL | SUPER_CALLS);
      out.writeShort(name);
      out.writeShort(superclass);
      out.writeShort(0); // interfaces
      out.writeShort(fields.count);
      fields.bytes.writeTo(out);
      out.writeShort(methods.count);
      methods.bytes.writeTo(out);
      out.writeShort(0); // attributes
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
