package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.curios.kernel.Images;
import org.curios.tests.differential.Ours;
import org.curios.tests.differential.Qemu;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The guest benchmark programs check their own results; QEMU must see the same lines. */
class BenchmarkProgramsTest {
  static Stream<String> programs() {
    return Images.names().stream().filter(n -> n.startsWith("bench/") || n.startsWith("system/"));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void printsWhatQemuPrints(String name) throws Exception {
    byte[] image = Images.elf(name);
    Ours.Result ours = Ours.run(name, image, Ours.Mode.INTERPRETED, 2_000_000_000L);
    assertEquals(0, ours.status());
    Peers.needQemu();
    assertArrayEquals(Qemu.run(image, 60), ours.output());
  }
}
