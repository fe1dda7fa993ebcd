package org.curios.arm.warm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Memory of a machine for code or data, in multiples of a unit. */
final class HostPool {
  private final int unit;
  private final long end;
  private final Map<Integer, Deque<Long>> free = new HashMap<>();
  private long next;

  HostPool(long start, long end, int unit) {
    this.next = start;
    this.end = end;
    this.unit = unit;
  }

  private int units(int bytes) {
    int units = (bytes + unit - 1) / unit;
    int step = Math.max(1, Integer.highestOneBit(units) / 4); // few sizes, to be used again
    return (units + step - 1) / step * step;
  }

  long take(int bytes) {
    int units = units(bytes);
    Deque<Long> some = free.get(units);
    if (some != null && !some.isEmpty()) {
      return some.pop();
    }
    long at = next;
    if (at + (long) units * unit > end) {
      return 0;
    }
    next += (long) units * unit;
    return at;
  }

  void free(long at, int bytes) {
    free.computeIfAbsent(units(bytes), units -> new ArrayDeque<>()).push(at);
  }
}
