package org.curios.tests.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.curios.kernel.Images;
import org.curios.lab.measure.LinuxImages;
import org.curios.lab.measure.Operation;
import org.curios.lab.measure.ServiceCosts;
import org.curios.lab.measure.ServiceCosts.Column;
import org.curios.lab.measure.ServiceCosts.Part;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What system calls of Linux cost on the machine, and what is said where nothing can be measured.
 */
class ServiceCostsTest {
  /** What Linux 6.1 takes, or less. */
  private static final Map<Operation, Long> LIMITS =
      Map.of(
          Operation.READ, 2_715L,
          Operation.WRITE, 3_858L,
          Operation.OPEN_CLOSE, 2_864L,
          Operation.CREATE_UNLINK, 10_657L,
          Operation.STAT, 2_048L,
          Operation.FSYNC, 23_393L,
          Operation.UDP_WIRE, 10_306L,
          Operation.TCP_WIRE, 14_789L,
          Operation.BULK_WIRE, 8_572_100L,
          Operation.HTTP_WIRE, 106_997L);

  /** What the checks take, and a third: the order of functions fits less well after each change. */
  private static final Map<Operation, Long> CHECK_LIMITS =
      Map.of(
          Operation.READ, 1_900L,
          Operation.WRITE, 3_000L,
          Operation.OPEN_CLOSE, 2_300L,
          Operation.CREATE_UNLINK, 10_500L,
          Operation.STAT, 1_500L,
          Operation.FSYNC, 3_600L,
          Operation.UDP_WIRE, 6_500L,
          Operation.TCP_WIRE, 9_000L,
          Operation.BULK_WIRE, 5_800_000L,
          Operation.HTTP_WIRE, 38_500L);

  private static final String AGAIN =
      "./curios evaluate services --order kernel/cuik/order.txt writes the order again ";

  private static final Path ORDER =
      Path.of(System.getProperty("curios.root", "..")).resolve("kernel/cuik/order.txt");

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
    ServiceCosts.Profile curios = ServiceCosts.profile("ssr-packed", Operation.WRITE);
    Map<Operation, Long> counts = curios.counts().instructions();
    assertEquals(EnumSet.allOf(Operation.class), counts.keySet());
    checkOrder(counts);
    assertTrue(curios.counts().checks().get(Operation.READ) > 0, curios.toString());
    LIMITS.forEach((operation, most) ->
        assertTrue(
            counts.get(operation) <= most,
            () -> operation + " takes more than " + most + ": " + curios));
    CHECK_LIMITS.forEach((operation, most) ->
        assertTrue(
            curios.counts().checks().get(operation) <= most,
            () -> "checks of " + operation + " take more than " + most + "; " + AGAIN + curios));
    checkParts(curios.parts(), counts.get(Operation.WRITE));
  }

  /** The linker ignores a function that no longer exists. */
  @Test
  void theOrderOfFunctionsNamesOnlyFunctions() throws IOException, ImageException {
    Set<String> functions =
        Image.parse("curios", Images.elf("curios")).symbols().stream()
            .filter(Image.Symbol::function)
            .map(Image.Symbol::name)
            .collect(Collectors.toSet());
    List<String> unknown =
        Files.readAllLines(ORDER).stream().filter(name -> !functions.contains(name)).toList();
    assertEquals(List.of(), unknown, AGAIN);
  }

  /** The parts are the mean of all repetitions; what is counted of the operation is the median. */
  private static void checkParts(List<Part> parts, long count) {
    Map<Boolean, Long> sums =
        parts.stream()
            .collect(
                Collectors.partitioningBy(
                    part -> part.place().contains("checks"),
                    Collectors.summingLong(Part::instructions)));
    assertTrue(sums.get(true) > 0, parts::toString);
    assertTrue(Math.abs(count - sums.get(false)) < count / 5, parts::toString);
    assertTrue(parts.stream().anyMatch(part -> part.place().startsWith("files ")), parts::toString);
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
