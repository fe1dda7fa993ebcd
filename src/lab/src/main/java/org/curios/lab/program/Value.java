package org.curios.lab.program;

import java.util.Arrays;
import org.curios.lab.LabException;
import org.curios.machine.image.dwarf.Frame;
import org.curios.machine.image.dwarf.Location;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Type.Kind;
import org.curios.machine.image.dwarf.Type.Member;

/** A value of a type, and its location, if it has one. */
public final class Value {
  private final Type type;
  private final int[] bytes;
  private final Integer address;
  private final Integer register;

  /** Bytes are -1 where they are unavailable. */
  private Value(Type type, int[] bytes, Integer address, Integer register) {
    this.type = type;
    this.bytes = bytes;
    this.address = address;
    this.register = register;
  }

  /** Makes a number, truncated to its type. */
  public static Value of(Type type, long number) {
    int[] bytes = new int[Math.max(type.size(), 0)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = i < 8 ? (int) (number >>> 8 * i & 0xff) : 0;
    }
    return new Value(type, bytes, null, null);
  }

  /** Makes a value in memory. */
  public static Value at(Type type, int address, Frame frame) {
    int[] bytes = new int[type.plain().kind() == Kind.FUNCTION ? 0 : type.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = frame.memory().applyAsInt(address + i);
    }
    return new Value(type, bytes, address, null);
  }

  /** Makes a value at a location. */
  public static Value at(Type type, Location location, Frame frame) {
    Integer address = location.address();
    return address != null
        ? at(type, address, frame)
        : new Value(type, location.bytes(frame), null, location.register());
  }

  /** Returns its type. */
  public Type type() {
    return type;
  }

  /** Returns its address, or null if it is in no memory. */
  public Integer address() {
    return address;
  }

  /** Returns the register that has it, or null. */
  public Integer register() {
    return register;
  }

  /** Returns whether all of it is known. */
  public boolean isKnown() {
    return Arrays.stream(bytes).noneMatch(b -> b < 0);
  }

  /** Returns whether nothing of it is known. */
  public boolean isUnknown() {
    return bytes.length > 0 && Arrays.stream(bytes).allMatch(b -> b < 0);
  }

  /** Returns why bytes are missing. */
  public String whyUnknown() {
    return address == null ? "optimised out" : "no memory at %08x".formatted(address);
  }

  /**
   * Returns the number, with the sign of its type.
   *
   * @throws LabException if it is no number or unavailable
   */
  public long number() {
    if (!type.isScalar()) {
      throw new LabException("a value of type " + type.name() + " is no number");
    }
    if (!isKnown()) {
      throw new LabException(whyUnknown());
    }
    int bits = 8 * bytes.length;
    if (bits == 0) {
      return 0;
    }
    long value = raw(bytes.length);
    return type.isSigned() ? value << 64 - bits >> 64 - bits : value;
  }

  private long raw(int count) {
    long value = 0;
    for (int i = Math.min(count, 8) - 1; i >= 0; i--) {
      value = value << 8 | bytes[i];
    }
    return value;
  }

  /** Returns the bits of a floating-point number or the like. */
  long bits() {
    return raw(bytes.length);
  }

  /** Returns a byte, or -1. */
  int byteAt(int index) {
    return bytes[index];
  }

  /** Returns a part of a structure. */
  public Value member(Member m) {
    if (m.bits() == 0) {
      return part(m.type(), m.offset());
    }
    int last = Math.min(bytes.length, m.offset() + (m.shift() + m.bits() + 7) / 8);
    long value = 0;
    for (int i = last - 1; i >= m.offset(); i--) {
      if (bytes[i] < 0) {
        return new Value(m.type(), new int[] {-1}, null, null);
      }
      value = value << 8 | bytes[i];
    }
    value = value << 64 - m.shift() - m.bits();
    value = m.type().isSigned() ? value >> 64 - m.bits() : value >>> 64 - m.bits();
    return of(m.type(), value);
  }

  /** Returns an element of an array that lies within it. */
  public Value element(int index) {
    Type of = type.plain().target();
    return part(of, index * of.size());
  }

  /** Returns the value reinterpreted as another type. */
  Value as(Type other) {
    return new Value(other, Arrays.copyOf(bytes, other.size()), address, register);
  }

  private Value part(Type of, int offset) {
    int size = of.size();
    int[] own = new int[size];
    for (int i = 0; i < size; i++) {
      own[i] = offset + i < bytes.length ? bytes[offset + i] : -1;
    }
    boolean whole = offset == 0 && size == bytes.length;
    return new Value(of, own, address == null ? null : address + offset, whole ? register : null);
  }

  /** Returns whether two values look the same. */
  boolean sameAs(Value other) {
    return Arrays.equals(bytes, other.bytes);
  }
}
