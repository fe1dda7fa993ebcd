package org.curios.tests.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.curios.lab.measure.Operation;
import org.curios.lab.measure.ServiceCosts;
import org.curios.lab.measure.ServiceCosts.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What system calls of Linux cost on the machine, and what is said where nothing can be measured.
 */
class ServiceCostsTest {
  @TempDir private Path folder;

  @Test
  void saysWhyASystemCannotBeMeasured() {
    Column linux = ServiceCosts.linux(folder);
    assertTrue(linux.instructions().isEmpty());
    String why = linux.unavailable();
    assertTrue(why.contains("CURIOS_IMAGES") && why.contains(folder.toString()), why);
  }

  @Test
  void countsCurios() {
    Column curios = ServiceCosts.curios("ssr-packed");
    assertNull(curios.unavailable());
    checkOrder(curios.instructions());
  }

  /**
   * A system call of some hundred instructions at least, a read of a cached block in a few
   * thousand, and what makes several calls more than its parts.
   */
  @Test
  void countsLinux() {
    Column linux = ServiceCosts.linux(LinuxImages.find().folder());
    assertNull(linux.unavailable());
    Map<Operation, Long> counts = linux.instructions();
    assertEquals(List.of(Operation.values()), List.copyOf(counts.keySet()));
    checkOrder(counts);
    assertTrue(counts.get(Operation.READ) < 8000, linux.toString());
    assertTrue(counts.get(Operation.UDP_WIRE) < counts.get(Operation.TCP_WIRE), linux.toString());
    assertTrue(counts.get(Operation.HTTP) > 2 * counts.get(Operation.TCP_WIRE), linux.toString());
    assertTrue(counts.get(Operation.BULK) > 256 * counts.get(Operation.READ), linux.toString());
  }

  private static void checkOrder(Map<Operation, Long> counts) {
    assertTrue(counts.keySet().containsAll(EnumSet.range(Operation.READ, Operation.TCP)));
    counts.forEach((operation, n) ->
        assertTrue(n > 300 && n < 20_000_000, () -> operation + ": " + n + " instructions"));
    assertTrue(counts.get(Operation.STAT) < counts.get(Operation.OPEN_CLOSE), "" + counts);
    assertTrue(counts.get(Operation.OPEN_CLOSE) < counts.get(Operation.CREATE_UNLINK), "" + counts);
    assertTrue(counts.get(Operation.UDP) < counts.get(Operation.TCP), "" + counts);
  }
}
