package org.curios.lab.gdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A packet from gdb, split up from left to right. */
final class Request {
  /** A packet that violates the protocol. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  private final byte[] data;
  private int at;

  Request(byte[] data) {
    this.data = data;
  }

  /** Returns whether nothing is left. */
  boolean atEnd() {
    return at == data.length;
  }

  /** Consumes a character if it comes next. */
  boolean take(char c) {
    if (at < data.length && data[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  /** Consumes a text if it comes next. */
  boolean take(String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    if (data.length - at >= wanted.length
        && Arrays.equals(data, at, at + wanted.length, wanted, 0, wanted.length)) {
      at += wanted.length;
      return true;
    }
    return false;
  }

  /** Takes a character that must come next. */
  void expect(char c) {
    if (!take(c)) {
      throw new Malformed("want " + c);
    }
  }

  /** Takes the next character. */
  char next() {
    if (atEnd()) {
      throw new Malformed("too short");
    }
    return (char) (data[at++] & 0xff);
  }

  /** Takes a number of 1 to 16 hexadecimal digits. */
  long number() {
    long value = 0;
    int start = at;
    while (at < data.length && Character.digit(data[at], 16) >= 0) {
      value = value << 4 | Character.digit(data[at++], 16);
    }
    if (at == start || at - start > 16) {
      throw new Malformed("want a number");
    }
    return value;
  }

  /** Takes an address or another number of 32 bits. */
  int word() {
    long value = number();
    if (value >>> 32 != 0) {
      throw new Malformed("want a number of 32 bits");
    }
    return (int) value;
  }

  /** Takes a count, at most {@code most}. */
  int count(int most) {
    long value = number();
    if (value < 0 || value > most) {
      throw new Malformed("want at most " + most);
    }
    return (int) value;
  }

  /** Takes the number of a thread; 0 for any, -1 for all. */
  int thread() {
    if (take("-1")) {
      return -1;
    }
    return count(Integer.MAX_VALUE);
  }

  /** Takes the text up to a character, or to the end, and the character. */
  String until(char c) {
    int start = at;
    while (at < data.length && data[at] != c) {
      at++;
    }
    String text = new String(data, start, at - start, StandardCharsets.ISO_8859_1);
    take(c);
    return text;
  }

  /** Takes bytes that are written as pairs of hexadecimal digits, up to a character or the end. */
  byte[] hexBytes(char end) {
    try {
      return HexFormat.of().parseHex(until(end));
    } catch (IllegalArgumentException e) {
      throw new Malformed("want pairs of hexadecimal digits");
    }
  }

  /** Takes a text that is written as pairs of hexadecimal digits. */
  String hexText(char end) {
    return new String(hexBytes(end), StandardCharsets.UTF_8);
  }

  /** Takes the rest. */
  byte[] rest() {
    byte[] rest = Arrays.copyOfRange(data, at, data.length);
    at = data.length;
    return rest;
  }
}
