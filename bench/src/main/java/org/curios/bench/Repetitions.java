package org.curios.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.curios.machine.Image;
import org.curios.machine.ImageException;

/**
 * Sets how often a benchmark program repeats its work, in the image itself: every machine runs the
 * same bytes.
 */
final class Repetitions {
  private static final String SYMBOL = "bench_repetitions";

  private Repetitions() {}

  static byte[] set(byte[] elf, int repetitions) throws ImageException {
    int address =
        Image.parse("benchmark", elf).symbols().stream()
            .filter(s -> s.name().equals(SYMBOL))
            .findFirst()
            .orElseThrow(() -> new ImageException("a benchmark without the symbol " + SYMBOL))
            .address();
    ByteBuffer changed = ByteBuffer.wrap(elf.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int headers = changed.getInt(28);
    int count = changed.getShort(44);
    for (int i = 0; i < count; i++) {
      int at = headers + 32 * i;
      int offset = address - changed.getInt(at + 12);
      if (changed.getInt(at) == 1 && offset >= 0 && offset < changed.getInt(at + 16)) {
        changed.putInt(changed.getInt(at + 4) + offset, repetitions);
        return changed.array();
      }
    }
    throw new ImageException(SYMBOL + " is in no segment of the file");
  }
}
