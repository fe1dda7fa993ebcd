package org.curios.arm.warm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The latest translations of each granule, for its different contents. A trial with a changed
 * instruction, or a process that is loaded over another one, has the original back soon.
 *
 * @param <T> a translation
 */
final class Versions<T> {
  private static final int MOST = 3;

  /** By number of the granule; the one that was used last comes first. */
  private final Map<Integer, Deque<T>> all = new HashMap<>();

  /** Returns a translation of a granule, and counts it as used; null if there is none. */
  T find(int granule, Predicate<T> fits) {
    Deque<T> versions = all.getOrDefault(granule, new ArrayDeque<>());
    for (T version : versions) {
      if (fits.test(version)) {
        versions.remove(version);
        versions.addFirst(version);
        return version;
      }
    }
    return null;
  }

  /** Keeps a translation instead of one of the same content, or of the one not used for longest. */
  void put(int granule, T translation, Predicate<T> isSame) {
    Deque<T> versions = all.computeIfAbsent(granule, g -> new ArrayDeque<>());
    versions.removeIf(isSame);
    if (versions.size() == MOST) {
      versions.removeLast();
    }
    versions.addFirst(translation);
  }

  void clear() {
    all.clear();
  }
}
