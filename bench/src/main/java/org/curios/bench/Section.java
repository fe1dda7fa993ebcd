package org.curios.bench;

import java.util.List;

/** A part of the benchmarks with its own table. */
interface Section {
  /** Returns the name, as {@code --only} takes it. */
  String name();

  /** Returns a line on what the section measures. */
  String description();

  /** Returns the names of all rows. */
  List<String> rows();

  /** Returns whether any of its rows needs QEMU. */
  default boolean needsQemu() {
    return true;
  }

  /**
   * Measures rows one by one.
   *
   * @param wanted some of {@link #rows}
   * @param report takes the rows as they are done, and the figures of the section at the end
   * @throws BenchException if nothing of it can be measured; a failure of a single row is recorded
   *     in the report
   */
  void run(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException, InterruptedException;
}
