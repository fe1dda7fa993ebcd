package org.curios.lab.trial;

import java.util.Arrays;

/** The ticks at which a condition holds, as spans in ascending order; any tick can be picked. */
public final class Spans {
  private long[] starts = new long[256];
  private long[] sums = new long[256];
  private int count;
  private long total;
  private long end;

  /** Adds a tick after all others. */
  public void add(long tick) {
    if (count == 0 || tick != end) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        sums = Arrays.copyOf(sums, 2 * count);
      }
      starts[count] = tick;
      sums[count++] = total;
    }
    total++;
    end = tick + 1;
  }

  /** Returns the number of ticks. */
  public long total() {
    return total;
  }

  /** Returns the n-th tick, from 0. */
  public long tick(long n) {
    int i = Arrays.binarySearch(sums, 0, count, n);
    int span = i >= 0 ? i : -i - 2;
    return starts[span] + n - sums[span];
  }

  /** Returns how many of the ticks are before one. */
  public long before(long tick) {
    int i = Arrays.binarySearch(starts, 0, count, tick);
    if (i >= 0) {
      return sums[i];
    }
    int span = -i - 2;
    if (span < 0) {
      return 0;
    }
    long length = (span + 1 < count ? sums[span + 1] : total) - sums[span];
    return sums[span] + Math.min(tick - starts[span], length);
  }

  /** Returns the part from a tick up to another one. */
  public Spans between(long from, long to) {
    Spans part = new Spans();
    for (int i = 0; i < count; i++) {
      long length = (i + 1 < count ? sums[i + 1] : total) - sums[i];
      for (long t = Math.max(from, starts[i]); t < Math.min(to, starts[i] + length); t++) {
        part.add(t);
      }
    }
    return part;
  }
}
