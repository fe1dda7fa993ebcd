package org.curios.arm.decode;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the encoding of an instruction: a bucket by the bits that distinguish most encodings, then
 * the most specific first.
 */
public final class EncodingTable {
  private static final Encoding[][] ARM = new Encoding[4096][];
  private static final Encoding[][] THUMB = new Encoding[1024][];

  private static final List<Encoding> ARM_ENCODINGS = specificFirst(false);
  private static final List<Encoding> THUMB_ENCODINGS = specificFirst(true);

  private EncodingTable() {}

  private static List<Encoding> specificFirst(boolean thumb) {
    return Stream.of(Encoding.values())
        .filter(e -> e.isThumb() == thumb)
        .sorted(Comparator.comparingInt(e -> -Integer.bitCount(e.mask())))
        .toList();
  }

  /** Returns the encodings that agree with {@code bits} where these are known. */
  private static Encoding[] candidates(List<Encoding> all, int bits, int known) {
    return all.stream()
        .filter(e -> ((e.value() ^ bits) & e.mask() & known) == 0)
        .toArray(Encoding[]::new);
  }

  /** Returns the encoding of an ARM instruction, or null if it is undefined. */
  public static Encoding arm(int instruction) {
    int bucket = instruction >>> 16 & 0xff0 | instruction >>> 4 & 0xf;
    if (ARM[bucket] == null) {
      ARM[bucket] = candidates(ARM_ENCODINGS, instruction, 0x0ff000f0);
    }
    return first(ARM[bucket], instruction);
  }

  /** Returns the encoding of a Thumb instruction in the low 16 bits, or null if it is undefined. */
  public static Encoding thumb(int instruction) {
    int bucket = instruction >>> 6 & 0x3ff;
    if (THUMB[bucket] == null) {
      THUMB[bucket] = candidates(THUMB_ENCODINGS, instruction, 0xffc0);
    }
    return first(THUMB[bucket], instruction);
  }

  private static Encoding first(Encoding[] candidates, int instruction) {
    for (Encoding e : candidates) {
      if (e.matches(instruction)) {
        return e;
      }
    }
    return null;
  }
}
