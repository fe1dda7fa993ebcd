package org.curios.bench;

/** Something that runs the benchmark programs. */
interface Peer {
  /** Returns the name of its column. */
  String name();

  /**
   * Runs a program to its end or until a limit.
   *
   * @param program a name for messages
   * @param elf the executable
   * @param limit seconds after which the run is ended; it counts with the lines so far
   * @throws BenchException when it cannot be run, ends with another status than 0 or prints nothing
   */
  Run run(String program, byte[] elf, double limit) throws BenchException, InterruptedException;
}
