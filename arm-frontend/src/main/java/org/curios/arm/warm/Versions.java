package org.curios.arm.warm;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The latest translations of each granule, for its different contents. A trial with a changed
 * instruction, or a process that is loaded over another one, has the original back soon.
 *
 * @param <T> a translation
 */
final class Versions<T> {
  private static final int MOST = 3;

  private record Version<T>(byte[] bytes, T translation) {}

  /** By number of the granule; the one that was used last comes first. */
  private final Map<Integer, Deque<Version<T>>> all = new HashMap<>();

  /** Returns the translation of a granule's content, and counts it as used; null for none. */
  T find(int granule, byte[] bytes) {
    Deque<Version<T>> versions = all.getOrDefault(granule, new ArrayDeque<>());
    for (Version<T> version : versions) {
      if (Arrays.equals(version.bytes, bytes)) {
        versions.remove(version);
        versions.addFirst(version);
        return version.translation;
      }
    }
    return null;
  }

  /** Keeps a translation instead of that of the same content, or of the one unused for longest. */
  void put(int granule, byte[] bytes, T translation) {
    Deque<Version<T>> versions = all.computeIfAbsent(granule, g -> new ArrayDeque<>());
    versions.removeIf(version -> Arrays.equals(version.bytes, bytes));
    if (versions.size() == MOST) {
      versions.removeLast();
    }
    versions.addFirst(new Version<>(bytes, translation));
  }

  void clear() {
    all.clear();
  }
}
