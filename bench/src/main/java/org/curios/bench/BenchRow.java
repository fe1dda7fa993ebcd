package org.curios.bench;

import java.util.Map;

/**
 * A row of a table.
 *
 * @param section the section it belongs to
 * @param name what was measured
 * @param values figures by column; {@code ratio} is how many times as fast as QEMU we are
 */
record BenchRow(String section, String name, Map<String, Double> values) {
  /** The column of the ratio to QEMU. */
  static final String RATIO = "ratio";

  double ratio() {
    return values.getOrDefault(RATIO, Double.NaN);
  }
}
