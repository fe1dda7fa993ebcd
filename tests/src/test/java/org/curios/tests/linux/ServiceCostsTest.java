package org.curios.tests.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.curios.lab.measure.LinuxImages;
import org.curios.lab.measure.Operation;
import org.curios.lab.measure.ServiceCosts;
import org.curios.lab.measure.ServiceCosts.Column;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What system calls of Linux cost on the machine, and what is said where nothing can be measured.
 */
class ServiceCostsTest {
  /** What the guides promise, with a tenth for changes of the compiler. */
  private static final Map<Operation, Long> LIMITS =
      Map.of(
          Operation.READ, 3_300L,
          Operation.WRITE, 5_300L,
          Operation.OPEN_CLOSE, 3_800L,
          Operation.CREATE_UNLINK, 20_500L,
          Operation.STAT, 2_000L,
          Operation.FSYNC, 18_000L,
          Operation.UDP_WIRE, 19_000L,
          Operation.TCP_WIRE, 22_000L,
          Operation.BULK_WIRE, 16_000_000L,
          Operation.HTTP_WIRE, 90_000L);

  @TempDir private Path folder;

  @Test
  void saysWhyASystemCannotBeMeasured() {
    Column linux = ServiceCosts.linux(new LinuxImages(folder));
    assertTrue(linux.instructions().isEmpty());
    String why = linux.unavailable();
    assertTrue(why.contains("CURIOS_IMAGES") && why.contains(folder.toString()), why);
  }

  @Test
  void countsCurios() {
    Column curios = ServiceCosts.curios("ssr-packed");
    assertNull(curios.unavailable());
    assertEquals(EnumSet.allOf(Operation.class), curios.instructions().keySet());
    checkOrder(curios.instructions());
    assertTrue(curios.counts().checks().get(Operation.READ) > 0, curios.toString());
    LIMITS.forEach((operation, most) ->
        assertTrue(
            curios.instructions().get(operation) <= most,
            () -> operation + " takes more than " + most + ": " + curios));
  }

  /**
   * A system call of some hundred instructions at least, a read of a cached block in a few
   * thousand, and what makes several calls more than its parts.
   */
  @Test
  void countsLinux() {
    LinuxImages images = LinuxImages.find();
    Assumptions.assumeTrue(images.isThere(), images::missing);
    Column linux = ServiceCosts.linux(images);
    assertNull(linux.unavailable());
    Map<Operation, Long> counts = linux.instructions();
    assertEquals(List.of(Operation.values()), List.copyOf(counts.keySet()));
    checkOrder(counts);
    assertTrue(counts.get(Operation.READ) < 8000, linux.toString());
    assertTrue(counts.get(Operation.UDP_WIRE) < counts.get(Operation.TCP_WIRE), linux.toString());
    assertTrue(
        counts.get(Operation.HTTP_WIRE) > 2 * counts.get(Operation.TCP_WIRE), linux.toString());
    assertTrue(
        counts.get(Operation.BULK_WIRE) > 256 * counts.get(Operation.READ), linux.toString());
  }

  private static void checkOrder(Map<Operation, Long> counts) {
    counts.forEach((operation, n) ->
        assertTrue(n > 300 && n < 50_000_000, () -> operation + ": " + n + " instructions"));
    assertTrue(counts.get(Operation.STAT) < counts.get(Operation.OPEN_CLOSE), "" + counts);
    assertTrue(counts.get(Operation.OPEN_CLOSE) < counts.get(Operation.CREATE_UNLINK), "" + counts);
    assertTrue(counts.get(Operation.UDP) < counts.get(Operation.TCP), "" + counts);
  }
}
