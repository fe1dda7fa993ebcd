package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.curios.kernel.Images;
import org.curios.tests.differential.Ours;
import org.curios.tests.differential.Qemu;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest benchmark programs check their own results; QEMU must see the same lines. */
class BenchmarkProgramsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sieve",
        "crc",
        "matrix",
        "quicksort",
        "calls",
        "list",
        "strings",
        "bytecode",
        "states",
        "hash",
        "bigint",
        "filter",
        "cipher",
        "compiler",
        "crc-thumb",
        "quicksort-thumb",
        "strings-thumb",
        "compiler-thumb"
      })
  void printsWhatQemuPrints(String name) throws Exception {
    byte[] image = Images.elf("bench/" + name);
    Ours.Result ours = Ours.run(name, image, Ours.Mode.INTERPRETED, 2_000_000_000L);
    assertEquals(0, ours.status());
    Assumptions.assumeTrue(
        Qemu.isThere() || "true".equals(System.getenv("CI")), "qemu-system-arm is missing");
    assertArrayEquals(Qemu.run(image, 60), ours.output());
  }
}
