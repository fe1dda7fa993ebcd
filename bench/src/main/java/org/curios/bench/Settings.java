package org.curios.bench;

/**
 * How much is measured.
 *
 * @param pairs paired runs of each row; the row is the median of them
 * @param seconds about how long a run takes on QEMU
 * @param quick whether the long sections are cut to a smoke test
 */
record Settings(int pairs, double seconds, boolean quick) {
  /** Seconds after which a run is ended and judged by the lines that it has printed so far. */
  double limit() {
    return quick ? 3 : 10 + 5 * seconds;
  }
}
