package org.curios.lab.results;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Writes structures in Thrift's compact protocol, which the headers of Parquet files are in. */
final class ThriftCompact {
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int LONG_LIST = 15;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Deque<Integer> outer = new ArrayDeque<>();
  private int last;

  private void field(int id, int type) {
    out.write(id - last << 4 | type);
    last = id;
  }

  private void varint(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private void zigzag(long value) {
    varint(value << 1 ^ value >> 63);
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    varint(bytes.length);
    out.writeBytes(bytes);
  }

  ThriftCompact i32(int id, int value) {
    field(id, I32);
    zigzag(value);
    return this;
  }

  ThriftCompact i64(int id, long value) {
    field(id, I64);
    zigzag(value);
    return this;
  }

  ThriftCompact string(int id, String value) {
    field(id, BINARY);
    text(value);
    return this;
  }

  ThriftCompact i32s(int id, List<Integer> values) {
    list(id, values.size(), I32);
    values.forEach(v -> zigzag(v));
    return this;
  }

  ThriftCompact strings(int id, List<String> values) {
    list(id, values.size(), BINARY);
    values.forEach(this::text);
    return this;
  }

  /** Begins a list of structures; each follows between {@link #element} and {@link #end}. */
  ThriftCompact structs(int id, int size) {
    list(id, size, STRUCT);
    return this;
  }

  private void list(int id, int size, int type) {
    field(id, LIST);
    if (size < LONG_LIST) {
      out.write(size << 4 | type);
    } else {
      out.write(LONG_LIST << 4 | type);
      varint(size);
    }
  }

  /** Begins a structure that is a field. */
  ThriftCompact struct(int id) {
    field(id, STRUCT);
    return element();
  }

  /** Begins a structure that is in a list. */
  ThriftCompact element() {
    outer.push(last);
    last = 0;
    return this;
  }

  /** Ends a structure. */
  ThriftCompact end() {
    out.write(0);
    last = outer.pop();
    return this;
  }

  /** Ends the outermost structure, and returns all of it. */
  byte[] bytes() {
    out.write(0);
    return out.toByteArray();
  }
}
