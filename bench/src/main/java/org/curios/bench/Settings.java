package org.curios.bench;

/**
 * The extent of the measurements.
 *
 * @param pairs paired runs of each row; the row is the median of them
 * @param seconds how long a run takes on QEMU, and without a compilation on our machine
 * @param quick whether the long sections are cut to a smoke test
 * @param clock clock for programs, system work and calls
 */
record Settings(int pairs, double seconds, boolean quick, Clock clock) {
  /**
   * Returns the seconds after which a run is ended.
   *
   * @param peer what runs
   * @param ours our machine, which gets more: until its compiler is idle
   */
  double limit(Peer peer, Peer ours) {
    return peer.equals(ours) ? (quick ? 3 : 10 + 5 * seconds) : seconds;
  }
}
