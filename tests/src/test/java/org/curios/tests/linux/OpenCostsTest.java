package org.curios.tests.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.curios.lab.measure.OpenCosts;
import org.curios.lab.measure.OpenCosts.Costs;
import org.curios.lab.measure.OpenCosts.Memory;
import org.curios.lab.measure.OpenCosts.Recovery;
import org.junit.jupiter.api.Test;

/** What open files and sockets cost, and the limits of issue I. */
class OpenCostsTest {
  private static final int TEN = 10;
  private static final long MOST_WITH_TEN = 20_000;
  private static final long MOST_FURTHER = 500;
  private static final long LEAST_FURTHER = 100;
  private static final long MOST_AT_REST = 64 << 10;

  @Test
  void recoversAndStaysSmall() {
    Costs costs = OpenCosts.measure("ssr-packed");
    List<Recovery> all = costs.recoveries();
    assertEquals(
        List.of(
            "files 1", "files 2", "files 10", "files 20", "files 30", "net 2", "net 10", "net 20"),
        all.stream().map(r -> r.service() + " " + r.open()).toList());
    for (Recovery r : all) {
      assertTrue(r.open() != TEN || r.instructions() <= MOST_WITH_TEN, r::toString);
      assertTrue(r.instructions() > 1000 && r.checks() > 1000, r::toString);
    }
    for (String service : List.of("files", "net")) {
      long further = costs.further(service);
      assertTrue(further >= LEAST_FURTHER && further <= MOST_FURTHER, service + ": " + further);
    }
    Memory memory = costs.memory();
    assertTrue(memory.file() > 64 && memory.file() <= 384, memory::toString);
    assertTrue(memory.socket() > 128 && memory.socket() <= 512, memory::toString);
    assertEquals(16_384, memory.buffers());
    assertTrue(memory.services().size() > 12, memory::toString);
    memory
        .services()
        .forEach((name, n) -> assertTrue(n >= 4096 && n <= MOST_AT_REST, () -> name + ": " + n));
  }
}
