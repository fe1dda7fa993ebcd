package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The debug information of an ELF image, parsed on first use. An image without debug information,
 * or with a damaged one, has empty tables.
 */
public final class DebugInfo {
  /** The debug information of an image that is not an ELF file: none. */
  public static final DebugInfo NONE = new DebugInfo(new byte[0]);

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final byte[] elf;
  private Map<String, ByteBuffer> sections;
  private LineTable lines;
  private FrameTable frames;
  private Variables variables;

  /** Takes the bytes of an ELF file. */
  public DebugInfo(byte[] elf) {
    this.elf = elf;
  }

  /** Returns the source lines. */
  public synchronized LineTable lines() {
    if (lines == null) {
      LineTable table = new LineTable();
      try {
        new LineProgram(
                section(".debug_line"),
                section(".debug_line_str"),
                section(".debug_str"),
                table::add)
            .run();
      } catch (RuntimeException e) {
        table = new LineTable(); // damaged: none is better than wrong ones
      }
      lines = table;
    }
    return lines;
  }

  /** Returns how to find the callers of functions. */
  public synchronized FrameTable frames() {
    if (frames == null) {
      try {
        frames = FrameTable.parse(section(".debug_frame"));
      } catch (RuntimeException e) {
        frames = FrameTable.EMPTY;
      }
    }
    return frames;
  }

  /** Returns variables, types and functions. */
  public synchronized Variables variables() {
    if (variables == null) {
      try {
        variables = new Variables(new Entries(this::section), frames());
      } catch (RuntimeException e) {
        variables = new Variables(new Entries(name -> EMPTY), frames());
      }
    }
    return variables;
  }

  private ByteBuffer section(String name) {
    if (sections == null) {
      sections = new HashMap<>();
      try {
        readSections();
      } catch (RuntimeException e) {
        sections.clear();
      }
    }
    return sections.getOrDefault(name, EMPTY);
  }

  private void readSections() {
    if (elf.length == 0) {
      return;
    }
    ByteBuffer all = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    int table = all.getInt(32);
    int entrySize = all.getShort(46) & 0xffff;
    int count = all.getShort(48) & 0xffff;
    int names = all.getInt(table + (all.getShort(50) & 0xffff) * entrySize + 16);
    for (int i = 0; i < count; i++) {
      int at = table + i * entrySize;
      int name = names + all.getInt(at);
      int end = name;
      while (elf[end] != 0) {
        end++;
      }
      int noBits = 8;
      int size = all.getInt(at + 4) == noBits ? 0 : all.getInt(at + 20);
      sections.put(
          new String(elf, name, end - name, StandardCharsets.US_ASCII),
          all.slice(all.getInt(at + 16), size).order(ByteOrder.LITTLE_ENDIAN));
    }
  }
}
