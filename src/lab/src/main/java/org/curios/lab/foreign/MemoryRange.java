package org.curios.lab.foreign;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.program.Symbols;
import org.curios.machine.image.Image;

/**
 * A part of memory, as a plan names it: the symbol of an object, or a physical address and a number
 * of bytes, {@code 0x20000+64}.
 *
 * @param name the text
 * @param address of its first byte: virtual for a symbol, otherwise physical
 * @param bytes its size
 * @param isSymbol whether it is a symbol
 */
public record MemoryRange(String name, int address, int bytes, boolean isSymbol) {
  private static final Pattern ADDRESS =
      Pattern.compile("0x([0-9a-fA-F]{1,8})\\+(?:0x([0-9a-fA-F]{1,7})|(\\d{1,8}))");

  /** The largest size of a range, in bytes. */
  private static final int MOST = 16 << 20;

  /**
   * Reads a range.
   *
   * @throws LabException when it is none, or the image has no such symbol
   */
  public static MemoryRange of(String text, Image image) {
    Matcher m = ADDRESS.matcher(text);
    if (m.matches()) {
      boolean isHex = m.group(2) != null;
      int bytes = isHex ? Integer.parseInt(m.group(2), 16) : Integer.parseInt(m.group(3));
      int address = Integer.parseUnsignedInt(m.group(1), 16);
      long end = Integer.toUnsignedLong(address) + bytes;
      if (bytes < 1 || bytes > MOST || end > ForeignBench.RAM) {
        throw new LabException(
            "%s: give 1 to %d bytes of RAM, which ends at 0x%x"
                .formatted(text, MOST, ForeignBench.RAM));
      }
      return new MemoryRange(text, address, bytes, false);
    }
    Symbols symbols = new Symbols(image);
    for (Image.Symbol s : symbols.all(text)) {
      if (s.size() > 0 && s.size() <= MOST) {
        return new MemoryRange(text, s.address(), s.size(), true);
      }
    }
    throw new LabException(
        text
            + ": "
            + image.name()
            + (image.symbols().isEmpty() ? " has no symbols" : " has no such symbol with a size")
            + Nearest.hint(text, symbols.names())
            + "; give an address and bytes, as in 0x20000+64");
  }

  /** Returns the same at a physical address. */
  MemoryRange at(int physical) {
    return new MemoryRange(name, physical, bytes, false);
  }
}
