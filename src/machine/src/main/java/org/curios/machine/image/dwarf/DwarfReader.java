package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.curios.machine.text.PlainText;

/** Reads the primitive encodings of DWARF 5 (section 7) from a section, 32-bit format only. */
final class DwarfReader {
  private final ByteBuffer bytes;

  /** Makes a reader at the start of a little-endian section. */
  DwarfReader(ByteBuffer section) {
    bytes = section;
  }

  int at() {
    return bytes.position();
  }

  void seek(int position) {
    bytes.position(position);
  }

  boolean hasMore(int end) {
    return bytes.position() < end;
  }

  int size() {
    return bytes.limit();
  }

  int u8() {
    return bytes.get() & 0xff;
  }

  int s8() {
    return bytes.get();
  }

  int u16() {
    return bytes.getShort() & 0xffff;
  }

  int u32() {
    return bytes.getInt();
  }

  long u64() {
    return bytes.getLong();
  }

  /** A part of the section as a section. */
  ByteBuffer block(int length) {
    ByteBuffer block = bytes.slice(bytes.position(), length).order(bytes.order());
    bytes.position(bytes.position() + length);
    return block;
  }

  /** An unsigned LEB128 number, truncated to 64 bits (DWARF 5, 7.6). */
  long uleb() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = u8();
      value |= shift < 64 ? (long) (b & 0x7f) << shift : 0;
      if (b < 0x80) {
        return value;
      }
    }
  }

  /** A signed LEB128 number. */
  long sleb() {
    long value = 0;
    int shift = 0;
    int b;
    do {
      b = u8();
      value |= shift < 64 ? (long) (b & 0x7f) << shift : 0;
      shift += 7;
    } while (b >= 0x80);
    return shift < 64 && (b & 0x40) != 0 ? value | -1L << shift : value;
  }

  /** A text that ends with a zero byte. */
  String text() {
    int start = bytes.position();
    int length = 0;
    while (bytes.get() != 0) {
      length++;
    }
    byte[] text = new byte[length];
    bytes.get(start, text);
    return PlainText.of(new String(text, StandardCharsets.UTF_8));
  }

  /** A text at an offset of another section. */
  static String textAt(ByteBuffer section, int offset) {
    DwarfReader reader = new DwarfReader(section.duplicate().order(section.order()));
    reader.seek(offset);
    return reader.text();
  }
}
