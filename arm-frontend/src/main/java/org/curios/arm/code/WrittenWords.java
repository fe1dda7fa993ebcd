package org.curios.arm.code;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.curios.arm.bus.Bus;

/**
 * Words in RAM that the guest has written while code made from them existed. They are variables, so
 * no code takes them for constants again: Linux, for one, keeps the pointer to the storage of the
 * current thread in a word beside the code that loads it.
 */
final class WrittenWords {
  /** Granules with such words, from which on all are forgotten. */
  private static final int MOST = 1 << 12;

  private final Map<Integer, BitSet> words = new HashMap<>();

  /** Records a store. */
  void note(int physical, int bytes) {
    if (words.size() >= MOST) {
      words.clear();
    }
    BitSet written =
        words.computeIfAbsent(physical >>> Bus.GRANULE_SHIFT, at -> new BitSet(Bus.GRANULE / 4));
    int first = (physical & Bus.GRANULE - 1) / 4;
    written.set(first, ((physical & Bus.GRANULE - 1) + bytes + 3) / 4);
  }

  /** Returns a copy of those of a granule, by their numbers in it. */
  BitSet of(int granule) {
    BitSet written = words.get(granule);
    return written == null ? new BitSet() : (BitSet) written.clone();
  }

  void clear() {
    words.clear();
  }
}
