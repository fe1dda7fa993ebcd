package org.curios.machine.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import org.curios.machine.image.dwarf.DebugInfo;
import org.curios.machine.text.PlainText;

/**
 * The contents of memory at the start.
 *
 * @param name name for messages
 * @param segments pieces of memory by rising address, none of which overlap
 * @param entry address of the first instruction with the T bit
 * @param raw whether it is a raw image, which is started the way a Linux kernel is
 * @param symbols functions and objects by rising address
 * @param debug source lines and call frames
 */
public record Image(
    String name,
    List<Segment> segments,
    int entry,
    boolean raw,
    List<Symbol> symbols,
    DebugInfo debug) {
  /** Where QEMU loads raw images on this board. */
  public static final int RAW_ADDRESS = 0x10000;

  private static final int MACHINE_ARM = 40;
  private static final int HEADER = 52;

  /**
   * Bytes at a physical address; {@code size} may be more than the bytes, the rest is zero.
   *
   * @param address physical address
   * @param bytes content
   * @param size bytes in memory
   */
  public record Segment(int address, byte[] bytes, int size) {
    long end() {
      return Integer.toUnsignedLong(address) + Integer.toUnsignedLong(size);
    }
  }

  /**
   * A symbol of the image.
   *
   * @param address address, without the T bit
   * @param size bytes, 0 if unknown
   * @param name as in the symbol table
   * @param function whether it is code
   */
  public record Symbol(int address, int size, String name, boolean function) {}

  /** Returns this image with the symbols and the debug information of another file. */
  public Image withSymbols(Image other) {
    return new Image(name, segments, entry, raw, other.symbols, other.debug);
  }

  /** Returns the identity of this image: a digest of everything that is loaded. */
  public String identity() {
    CRC32C sum = new CRC32C();
    for (Segment segment : segments) {
      sum.update(segment.address);
      sum.update(segment.address >>> 16);
      sum.update(segment.bytes);
    }
    return "%08x-%08x".formatted(sum.getValue(), entry);
  }

  /**
   * Reads an image from a file.
   *
   * @throws ImageException when the file is missing or is no image
   */
  public static Image read(Path file) throws ImageException {
    return parse(file.toString(), readBytes(file));
  }

  /** Reads a file whole. */
  public static byte[] readBytes(Path file) throws ImageException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new ImageException(file + ": no such file; check the path");
    } catch (IOException e) {
      throw new ImageException(
          file + ": cannot be read (" + e.getMessage() + "); check that it is a readable file");
    } catch (OutOfMemoryError e) {
      throw new ImageException(file + ": larger than any image can be; give an ARM executable");
    }
  }

  /**
   * Parses an image: ELF or U-Boot's format if the bytes start as such, otherwise raw.
   *
   * @throws ImageException when they are empty, or an ELF file that this machine cannot run
   */
  public static Image parse(String name, byte[] bytes) throws ImageException {
    if (bytes.length >= 4
        && bytes[0] == 0x7f
        && bytes[1] == 'E'
        && bytes[2] == 'L'
        && bytes[3] == 'F') {
      return elf(name, bytes);
    }
    if (UbootImage.is(bytes)) {
      return UbootImage.parse(name, bytes);
    }
    if (bytes.length == 0) {
      throw new ImageException(name + ": the file is empty; give an ELF executable or a raw image");
    }
    return new Image(
        name,
        List.of(new Segment(RAW_ADDRESS, bytes, bytes.length)),
        RAW_ADDRESS,
        true,
        List.of(),
        DebugInfo.NONE);
  }

  private static Image elf(String name, byte[] bytes) throws ImageException {
    if (bytes.length < HEADER) {
      throw new ImageException(
          name
              + ": truncated ELF header of "
              + bytes.length
              + " bytes; copy or link the file again");
    }
    if (bytes[4] != 1) {
      throw new ImageException(name + ": a 64-bit ELF file; build it for 32-bit ARM");
    }
    if (bytes[5] != 1) {
      throw new ImageException(name + ": a big-endian ELF file; build it for little-endian ARM");
    }
    ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int machine = elf.getShort(18) & 0xffff;
    if (machine != MACHINE_ARM) {
      throw new ImageException(
          name + ": an ELF file for machine number " + machine + "; build it for ARM (number 40)");
    }
    int type = elf.getShort(16) & 0xffff;
    if (type != 2) {
      throw new ImageException(
          name
              + ": an ELF file that is not executable (type "
              + type
              + "); link it to a fixed address");
    }
    List<Segment> segments = segments(name, elf, bytes);
    int entry = physicalEntry(elf);
    return new Image(
        name,
        segments,
        (entry & 1) != 0 ? entry : entry & ~3,
        false,
        symbols(elf),
        new DebugInfo(bytes));
  }

  /** The entry point is a virtual address; its segment says where that is loaded. */
  private static int physicalEntry(ByteBuffer elf) {
    int entry = elf.getInt(24);
    int entrySize = elf.getShort(42) & 0xffff;
    for (int i = 0; i < (elf.getShort(44) & 0xffff); i++) {
      int at = elf.getInt(28) + i * entrySize;
      int virtual = elf.getInt(at + 8);
      if (elf.getInt(at) == 1
          && Integer.compareUnsigned(entry - virtual, elf.getInt(at + 16)) < 0) {
        return entry - virtual + elf.getInt(at + 12);
      }
    }
    return entry;
  }

  private static List<Segment> segments(String name, ByteBuffer elf, byte[] bytes)
      throws ImageException {
    long table = Integer.toUnsignedLong(elf.getInt(28));
    int entrySize = elf.getShort(42) & 0xffff;
    int count = elf.getShort(44) & 0xffff;
    if (count == 0) {
      throw new ImageException(
          name + ": an ELF file without program headers; link it as an executable");
    }
    if (entrySize < 32 || table + (long) entrySize * count > bytes.length) {
      throw new ImageException(
          name
              + ": truncated ELF file, its program headers lie beyond its end; copy or link it again");
    }
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = (int) table + i * entrySize;
      int memorySize = elf.getInt(at + 20);
      if (elf.getInt(at) != 1 || memorySize == 0) {
        continue;
      }
      long offset = Integer.toUnsignedLong(elf.getInt(at + 4));
      int address = elf.getInt(at + 12);
      long fileSize = Integer.toUnsignedLong(elf.getInt(at + 16));
      if (offset + fileSize > bytes.length) {
        throw new ImageException(
            "%s: truncated ELF file, segment %d ends at byte %d of %d; copy or link it again"
                .formatted(name, i, offset + fileSize, bytes.length));
      }
      if (fileSize > Integer.toUnsignedLong(memorySize)) {
        throw new ImageException(
            "%s: segment %d is larger in the file than in memory; link the file again"
                .formatted(name, i));
      }
      if (Integer.toUnsignedLong(address) + Integer.toUnsignedLong(memorySize) > 1L << 32) {
        throw new ImageException(
            "%s: the segment at %08x ends beyond the address space; fix the linker script"
                .formatted(name, address));
      }
      byte[] content = new byte[(int) fileSize];
      System.arraycopy(bytes, (int) offset, content, 0, content.length);
      segments.add(new Segment(address, content, memorySize));
    }
    if (segments.isEmpty()) {
      throw new ImageException(
          name + ": an ELF file with nothing to load; link it as an executable");
    }
    segments.sort(Comparator.comparingLong(s -> Integer.toUnsignedLong(s.address)));
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i - 1).end() > Integer.toUnsignedLong(segments.get(i).address)) {
        throw new ImageException(
            "%s: the segments at %08x and %08x overlap; fix the linker script"
                .formatted(name, segments.get(i - 1).address, segments.get(i).address));
      }
    }
    return List.copyOf(segments);
  }

  /**
   * Reads the symbol table as far as it is present and sound; an image does not need one. A sound
   * file has one table, and its names are not much longer than the file in sum.
   */
  private static List<Symbol> symbols(ByteBuffer elf) {
    List<Symbol> symbols = new ArrayList<>();
    long nameLimit = 4L * elf.capacity();
    try {
      int table = elf.getInt(32);
      int entrySize = elf.getShort(46) & 0xffff;
      int count = elf.getShort(48) & 0xffff;
      for (int i = 0; i < count; i++) {
        int section = table + i * entrySize;
        if (elf.getInt(section + 4) != 2) {
          continue;
        }
        int strings = elf.getInt(table + elf.getInt(section + 24) * entrySize + 16);
        int first = elf.getInt(section + 16);
        int end = first + elf.getInt(section + 20);
        for (int at = first; at < end; at += 16) {
          int type = elf.get(at + 12) & 15;
          String name = string(elf, strings + elf.getInt(at));
          nameLimit -= name.length();
          if (nameLimit < 0) {
            return List.of();
          }
          if (type <= 2 && !name.isEmpty() && name.charAt(0) != '$' && elf.getShort(at + 14) != 0) {
            int value = elf.getInt(at + 4);
            symbols.add(
                new Symbol(type == 2 ? value & ~1 : value, elf.getInt(at + 8), name, type == 2));
          }
        }
        break;
      }
    } catch (IndexOutOfBoundsException e) {
      return List.of();
    }
    symbols.sort(
        Comparator.comparingLong((Symbol s) -> Integer.toUnsignedLong(s.address))
            .thenComparing(Symbol::name));
    return List.copyOf(symbols);
  }

  private static String string(ByteBuffer elf, int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    elf.get(at, bytes);
    return PlainText.of(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
  }
}
