package org.curios.bench;

/** Something that runs the benchmark programs. */
interface Peer {
  /** Returns the name of its column. */
  String name();

  /** Returns whether it can run an image. */
  default boolean runs(String image) {
    return true;
  }

  /**
   * Runs a program to its end or until its limit.
   *
   * @throws BenchException when it cannot be run, ends with another status than 0 or prints nothing
   */
  Run run(Job job) throws BenchException, InterruptedException;
}
