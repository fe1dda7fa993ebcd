package org.curios.arm.code;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.curios.arm.bus.Bus;

/** The translated code of one granule of RAM, and the halfwords that it covers. */
final class GranuleCode {
  final long[] halfwords = new long[Bus.GRANULE / 2 / 64];
  final List<CodeEntry> entries = new ArrayList<>();
  WarmCode warm;
  BitSet warmHalfwords;

  void mark(CodeEntry entry) {
    int first = (entry.physical & Bus.GRANULE - 1) / 2;
    int end = Math.min(first + entry.extent / 2, Bus.GRANULE / 2); // the PC may be between words
    for (int i = first; i < end; i++) {
      halfwords[i >>> 6] |= 1L << (i & 63);
    }
    for (int literal : entry.literals) {
      int i = (literal & Bus.GRANULE - 1) / 2;
      halfwords[i >>> 6] |= 3L << (i & 63);
    }
  }

  void set(WarmCode code, BitSet made) {
    warm = code;
    warmHalfwords = made;
    long[] words = made.toLongArray();
    for (int i = 0; i < words.length; i++) {
      halfwords[i] |= words[i];
    }
  }

  boolean holdsCode(int offset, int bytes) {
    int first = offset / 2;
    int last = (offset + bytes - 1) / 2;
    return (halfwords[first >>> 6] >>> (first & 63) & 1) != 0
        || (halfwords[last >>> 6] >>> (last & 63) & 1) != 0;
  }
}
