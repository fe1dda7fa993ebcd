package org.curios.arm.warm;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The constant pool of a class (JVMS, 4.4). */
final class Constants {
  private static final int UTF8 = 1;
  private static final int INTEGER = 3;
  private static final int LONG = 5;
  private static final int CLASS = 7;
  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int NAME_AND_TYPE = 12;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<String, Integer> members = new HashMap<>();
  private final Map<Integer, Integer> integers = new HashMap<>();
  private final Map<Long, Integer> longs = new HashMap<>();

  /** Entries of one or two indexes, by these and their tag. */
  private final Map<Long, Integer> pairs = new HashMap<>();

  private int next = 1;

  private int take(int entries) {
    int index = next;
    next += entries;
    return index;
  }

  int utf8(String text) {
    Integer known = texts.get(text);
    if (known != null) {
      return known;
    }
    try {
      out.writeByte(UTF8);
      out.writeUTF(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int index = take(1);
    texts.put(text, index);
    return index;
  }

  int integer(int value) {
    Integer known = integers.get(value);
    if (known != null) {
      return known;
    }
    try {
      out.writeByte(INTEGER);
      out.writeInt(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int index = take(1);
    integers.put(value, index);
    return index;
  }

  int longInteger(long value) {
    Integer known = longs.get(value);
    if (known != null) {
      return known;
    }
    try {
      out.writeByte(LONG);
      out.writeLong(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int index = take(2);
    longs.put(value, index);
    return index;
  }

  /** Returns the index of a class by its internal name. */
  int type(String name) {
    return pair(CLASS, utf8(name), 0);
  }

  int field(String owner, String name, String type) {
    return member(FIELD, owner, name, type);
  }

  int method(String owner, String name, String type) {
    return member(METHOD, owner, name, type);
  }

  private int member(int tag, String owner, String name, String type) {
    String key = owner.concat(name).concat(type);
    Integer known = members.get(key);
    if (known != null) {
      return known;
    }
    int index = pair(tag, type(owner), pair(NAME_AND_TYPE, utf8(name), utf8(type)));
    members.put(key, index);
    return index;
  }

  private int pair(int tag, int first, int second) {
    long key = (long) tag << 32 | first << 16 | second;
    Integer known = pairs.get(key);
    if (known != null) {
      return known;
    }
    try {
      out.writeByte(tag);
      out.writeShort(first);
      if (tag != CLASS) {
        out.writeShort(second);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int index = take(1);
    pairs.put(key, index);
    return index;
  }

  /** Writes the pool, with its number of entries before it. */
  void write(DataOutputStream to) throws IOException {
    to.writeShort(next);
    bytes.writeTo(to);
  }
}
