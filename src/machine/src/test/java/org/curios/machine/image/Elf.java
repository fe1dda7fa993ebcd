package org.curios.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A small ELF executable (System V ABI, "Object Files") that tests bend: header, program headers,
 * contents, symbol table, strings, section headers, in this order.
 */
final class Elf {
  static final int HEADER = 52;
  static final int PROGRAM_HEADER = 32;
  static final int SECTION_HEADER = 40;
  static final int SYMBOL = 16;

  /** Offsets in the header. */
  static final int E_CLASS = 4;

  static final int E_DATA = 5;
  static final int E_TYPE = 16;
  static final int E_MACHINE = 18;
  static final int E_PHOFF = 28;
  static final int E_SHOFF = 32;
  static final int E_PHENTSIZE = 42;
  static final int E_PHNUM = 44;
  static final int E_SHENTSIZE = 46;
  static final int E_SHNUM = 48;

  static final int PT_LOAD = 1;

  private record Part(int type, int address, byte[] content, int size) {}

  private record Name(String name, int value, int size, int type, int section) {}

  private final List<Part> parts = new ArrayList<>();
  private final List<Name> names = new ArrayList<>();
  private int entry = 0x10000;

  Elf entry(int address) {
    entry = address;
    return this;
  }

  /** Adds a segment to load, with zeros after its content up to a size. */
  Elf load(int address, byte[] content, int size) {
    return segment(PT_LOAD, address, content, size);
  }

  Elf segment(int type, int address, byte[] content, int size) {
    parts.add(new Part(type, address, content, size));
    return this;
  }

  /**
   * Adds a symbol.
   *
   * @param type 0 none, 1 object, 2 function, 3 section, 4 file
   * @param section 0 if the symbol is not defined here
   */
  Elf symbol(String name, int value, int size, int type, int section) {
    names.add(new Name(name, value, size, type, section));
    return this;
  }

  byte[] build() {
    StringBuilder strings = new StringBuilder("\0");
    int contents = HEADER + parts.size() * PROGRAM_HEADER;
    int symbols = contents + parts.stream().mapToInt(p -> p.content.length).sum();
    int stringTable = symbols + (names.size() + 1) * SYMBOL;
    for (Name n : names) {
      strings.append(n.name).append('\0');
    }
    int sections = stringTable + strings.length();
    ByteBuffer elf =
        ByteBuffer.allocate(sections + 3 * SECTION_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}).position(16);
    elf.putShort((short) 2)
        .putShort((short) 40)
        .putInt(1)
        .putInt(entry)
        .putInt(HEADER)
        .putInt(sections);
    elf.putInt(0x05000000)
        .putShort((short) HEADER)
        .putShort((short) PROGRAM_HEADER)
        .putShort((short) parts.size());
    elf.putShort((short) SECTION_HEADER).putShort((short) 3).putShort((short) 0);
    int at = contents;
    for (Part p : parts) {
      elf.putInt(p.type)
          .putInt(at)
          .putInt(p.address)
          .putInt(p.address)
          .putInt(p.content.length)
          .putInt(p.size);
      elf.putInt(7).putInt(4);
      at += p.content.length;
    }
    parts.forEach(p -> elf.put(p.content));
    elf.position(symbols + SYMBOL);
    int string = 1;
    for (Name n : names) {
      elf.putInt(string).putInt(n.value).putInt(n.size).put((byte) (0x10 | n.type)).put((byte) 0);
      elf.putShort((short) n.section);
      string += n.name.length() + 1;
    }
    elf.put(strings.toString().getBytes(StandardCharsets.ISO_8859_1));
    elf.position(sections + SECTION_HEADER);
    int[] symbolSection = {0, 2, 0, 0, symbols, stringTable - symbols, 2, 1, 4, SYMBOL};
    int[] stringSection = {0, 3, 0, 0, stringTable, strings.length(), 0, 0, 1, 0};
    for (int[] section : new int[][] {symbolSection, stringSection}) {
      for (int word : section) {
        elf.putInt(word);
      }
    }
    return elf.array();
  }

  /** Changes two bytes of a file. */
  static byte[] with16(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
    return changed;
  }

  /** Changes four bytes of a file. */
  static byte[] with32(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return changed;
  }
}
