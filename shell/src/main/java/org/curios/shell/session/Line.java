package org.curios.shell.session;

import java.util.Map;

/**
 * A line that a command has said.
 *
 * @param text what is seen
 * @param row what it says, by column; null if it is no row of a table
 * @param data whether it is of the answer, rather than its header or a remark about it
 */
record Line(String text, Map<String, Object> row, boolean data) {
  static Line of(String text) {
    return new Line(text, null, true);
  }

  static Line row(String text, Map<String, Object> row) {
    return new Line(text, row, true);
  }

  /** A header, or what is said instead of rows. */
  static Line remark(String text) {
    return new Line(text, null, false);
  }
}
