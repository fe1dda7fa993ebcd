package org.curios.tests.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.curios.lab.measure.Operation;
import org.curios.lab.measure.ProtectionCosts;
import org.curios.lab.measure.ProtectionCosts.Row;
import org.curios.lab.measure.ServiceCosts;
import org.junit.jupiter.api.Test;

/** The division of operations into work and protection. */
class ProtectionCostsTest {
  /** Per cent of the work. */
  private static final Map<Operation, Double> LIMITS =
      Map.of(Operation.STAT, 40.0, Operation.UDP_WIRE, 40.0, Operation.TCP_WIRE, 40.0);

  /** The medians of the parts of an operation need not be parts of the same repetition. */
  private static final double TOLERANCE = 0.02;

  @Test
  void theColumnsAreTheOperation() {
    Map<Operation, Long> counts = ServiceCosts.curios("ssr-packed").instructions();
    List<Row> packed = ProtectionCosts.measure("ssr-packed");
    assertEquals(Arrays.asList(Operation.values()), packed.stream().map(Row::operation).toList());
    for (Row row : packed) {
      long all = row.work() + row.domains() + row.grants() + row.copies() + row.checksums();
      assertTrue(Math.abs(counts.get(row.operation()) - all) < TOLERANCE * all, row.toString());
      assertTrue(row.work() > 500 && row.checks() > 500, row.toString());
      Double most = LIMITS.get(row.operation());
      assertTrue(most == null || row.protection() <= most, row.toString());
    }
  }

  /** Without recovery, states are not copied and nothing is checked; the work is the same. */
  @Test
  void withoutRecoveryOnlyIsolationIsLeft() {
    Row none = row("none");
    Row packed = row("ssr-packed");
    assertTrue(Math.abs(packed.work() - none.work()) * 20 < packed.work(), none + " " + packed);
    assertTrue(none.copies() < packed.copies(), none + " " + packed);
    assertTrue(none.checks() < 100, none.toString());
  }

  private static Row row(String policy) {
    return ProtectionCosts.measure(policy).stream()
        .filter(row -> row.operation() == Operation.READ)
        .findFirst()
        .orElseThrow();
  }
}
