package org.curios.machine.net;

import java.math.BigDecimal;

/**
 * The effects of a bad wire on frames, in both directions. They depend only on the seed, the
 * direction and the number of the frame.
 *
 * @param loss share of frames that are lost, 0 to 1
 * @param reorder share of frames that come {@link #LATE} ticks late, after others
 * @param duplicate share of frames that arrive twice
 * @param corrupt share of frames in which a bit is flipped, with a check sequence that fits
 * @param seed chooses the frames
 */
public record Impairments(
    double loss, double reorder, double duplicate, double corrupt, long seed) {
  /** A perfect wire. */
  public static final Impairments NONE = new Impairments(0, 0, 0, 0, 0);

  /** Ticks by which a frame is late: a virtual millisecond. */
  public static final long LATE = org.curios.arm.bus.VirtualClock.HZ / 1000;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** The directions, in which the choices are others. */
  enum Direction {
    SENT,
    RECEIVED
  }

  /**
   * What happens to a frame.
   *
   * @param copies 0, 1 or 2
   * @param late whether it is late
   * @param frame the frame, perhaps with another bit
   */
  record Fate(int copies, boolean late, byte[] frame) {}

  /** Returns what happens to a frame. */
  Fate fate(Direction direction, long number, byte[] frame) {
    long state = mix(seed * GOLDEN + direction.ordinal()) ^ number * GOLDEN;
    boolean lost = share(state + 1) < loss;
    boolean late = share(state + 2) < reorder;
    boolean twice = share(state + 3) < duplicate;
    byte[] changed = frame;
    if (share(state + 4) < corrupt) {
      changed = frame.clone();
      int bit = (int) Long.remainderUnsigned(mix(state + 5), 8L * frame.length);
      changed[bit / 8] ^= (byte) (1 << bit % 8);
    }
    return new Fate(lost ? 0 : twice ? 2 : 1, late, changed);
  }

  private static double share(long state) {
    return (mix(state) >>> 11) * 0x1p-53;
  }

  private static long mix(long state) {
    long z = state * GOLDEN;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** Returns the same with one share changed. */
  Impairments with(String name, BigDecimal share) {
    double s = share.doubleValue();
    return switch (name) {
      case "loss" -> new Impairments(s, reorder, duplicate, corrupt, seed);
      case "reorder" -> new Impairments(loss, s, duplicate, corrupt, seed);
      case "duplicate" -> new Impairments(loss, reorder, s, corrupt, seed);
      default -> new Impairments(loss, reorder, duplicate, s, seed);
    };
  }

  /** Returns the same with another seed. */
  Impairments withSeed(long other) {
    return new Impairments(loss, reorder, duplicate, corrupt, other);
  }
}
