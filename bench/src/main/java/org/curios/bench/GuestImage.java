package org.curios.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.curios.kernel.Images;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * An image whose words can be read and changed by their symbols: every peer runs the same bytes.
 *
 * @param name for messages
 * @param elf the executable
 */
record GuestImage(String name, byte[] elf) {
  /** The word that says how many units of work a program does. */
  static final String REPETITIONS = "bench_repetitions";

  private static final int LOADED = 1;

  /** Returns an image that comes with the product. */
  static GuestImage of(String name) {
    return new GuestImage(name, Images.elf(name));
  }

  /** Returns the image with another number of units of work. */
  GuestImage repeated(int units) throws BenchException {
    return with(REPETITIONS, units);
  }

  /** Returns the image with another word at a symbol. */
  GuestImage with(String symbol, int word) throws BenchException {
    byte[] changed = elf.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(offset(symbol), word);
    return new GuestImage(name, changed);
  }

  /** Returns the word at a symbol. */
  int word(String symbol) throws BenchException {
    return ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN).getInt(offset(symbol));
  }

  /** Returns whether there is a symbol. */
  boolean has(String symbol) throws BenchException {
    return find(symbol).isPresent();
  }

  private Optional<Image.Symbol> find(String symbol) throws BenchException {
    try {
      return Image.parse(name, elf).symbols().stream()
          .filter(s -> s.name().equals(symbol))
          .findFirst();
    } catch (ImageException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  private int offset(String symbol) throws BenchException {
    int address =
        find(symbol)
            .orElseThrow(() -> new BenchException(name + " has no symbol " + symbol))
            .address();
    ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    int headers = file.getInt(28);
    int count = file.getShort(44);
    for (int i = 0; i < count; i++) {
      int at = headers + 32 * i;
      int distance = address - file.getInt(at + 8);
      if (file.getInt(at) == LOADED && distance >= 0 && distance < file.getInt(at + 16)) {
        return file.getInt(at + 4) + distance;
      }
    }
    throw new BenchException(name + ": " + symbol + " is in no segment of the file");
  }
}
