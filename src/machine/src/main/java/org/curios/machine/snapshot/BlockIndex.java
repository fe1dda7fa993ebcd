package org.curios.machine.snapshot;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * All blocks of card and flash at the time of a snapshot, by their numbers, in parts that snapshots
 * share until they change.
 */
final class BlockIndex {
  static final BlockIndex EMPTY = new BlockIndex(Map.of());

  /** Blocks in a part. */
  private static final int PART = 64;

  private static final byte[][] NO_PART = new byte[PART][];

  private final Map<Long, byte[][]> parts;

  private BlockIndex(Map<Long, byte[][]> parts) {
    this.parts = parts;
  }

  /** Returns an index with these blocks instead of its own of the same numbers. */
  @SuppressWarnings("ReferenceEquality") // a part is shared until it is changed
  BlockIndex with(Map<Long, byte[]> written) {
    if (written.isEmpty()) {
      return this;
    }
    Map<Long, byte[][]> all = new HashMap<>(parts);
    written.forEach((number, bytes) -> {
      byte[][] before = part(number / PART);
      int place = (int) (number % PART);
      if (!Arrays.equals(before[place], bytes)) {
        byte[][] part = all.getOrDefault(number / PART, NO_PART);
        if (part == before) {
          part = part.clone();
          all.put(number / PART, part);
        }
        part[place] = bytes;
      }
    });
    return new BlockIndex(all);
  }

  /** Returns the content of a block; null if it is the initial one. */
  byte[] get(long number) {
    return part(number / PART)[(int) (number % PART)];
  }

  /** Adds the numbers of the blocks that differ from those of another index. */
  @SuppressWarnings("ReferenceEquality") // equal parts and blocks are shared
  void differences(BlockIndex other, Set<Long> all) {
    Set<Long> numbers = new HashSet<>();
    if (parts != other.parts) {
      numbers.addAll(parts.keySet());
      numbers.addAll(other.parts.keySet());
    }
    for (long number : numbers) {
      byte[][] own = part(number);
      byte[][] theirs = other.part(number);
      for (int i = 0; own != theirs && i < PART; i++) {
        if (own[i] != theirs[i]) {
          all.add(number * PART + i);
        }
      }
    }
  }

  private byte[][] part(long number) {
    return parts.getOrDefault(number, NO_PART);
  }
}
