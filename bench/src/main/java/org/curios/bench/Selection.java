package org.curios.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --only} has left of the benchmarks.
 *
 * @param names sections and rows, all if empty
 */
record Selection(List<String> names) {
  /** Returns the rows of a section that are wanted. */
  List<String> rows(Section section) {
    return section.rows().stream()
        .filter(r -> names.isEmpty() || names.contains(section.name()) || names.contains(r))
        .toList();
  }

  /**
   * Checks that each name is a section or a row.
   *
   * @throws BenchException when one is not
   */
  void check(List<Section> sections) throws BenchException {
    List<String> known = new ArrayList<>();
    for (Section s : sections) {
      known.add(s.name());
      known.addAll(s.rows());
    }
    for (String name : names) {
      if (!known.contains(name)) {
        throw new BenchException(
            "--only " + name + ": no such section or row; --list shows them all");
      }
    }
  }
}
