package org.curios.tests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.curios.kernel.Images;
import org.curios.tests.differential.Ours;
import org.curios.tests.differential.Qemu;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three ways, one result: each guest test program prints the same transcript interpreted, compiled
 * and on QEMU, and it is the reviewed one in the resources. No compilation may fail, and code may
 * be given up only a few times a program.
 */
class GuestProgramsTest {
  private static final long MAX_TICKS = 2_000_000_000L;
  private static final long MAX_DEOPTIMIZATIONS = 20;

  static Stream<String> programs() throws IOException {
    return Images.names().stream()
        .filter(n -> n.startsWith("tests/"))
        .map(n -> n.substring("tests/".length()));
  }

  static Stream<String> benchmarks() throws IOException {
    return Images.names().stream().filter(n -> n.startsWith("bench/"));
  }

  private static String expected(String name) throws IOException {
    try (InputStream in =
        GuestProgramsTest.class.getResourceAsStream("programs/" + name + ".expected")) {
      assertTrue(in != null, "there is no programs/" + name + ".expected");
      return new String(in.readAllBytes(), US_ASCII);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void interpreted(String name) throws Exception {
    Ours.Result result =
        Ours.run(name, Images.elf("tests/" + name), Ours.Mode.INTERPRETED, MAX_TICKS);
    assertEquals(expected(name), new String(result.output(), US_ASCII));
    assertEquals(0, result.status());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void compiled(String name) throws Exception {
    byte[] image = Images.elf("tests/" + name);
    Ours.Result compiled = Ours.run(name, image, Ours.Mode.COMPILED, MAX_TICKS);
    assertEquals(expected(name), new String(compiled.output(), US_ASCII));
    Ours.Result interpreted = Ours.run(name, image, Ours.Mode.INTERPRETED, MAX_TICKS);
    assertEquals(interpreted.ticks(), compiled.ticks(), "instructions");
    compilesWell(compiled);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void translated(String name) throws Exception {
    byte[] image = Images.elf("tests/" + name);
    Ours.Result interpreted = Ours.run(name, image, Ours.Mode.INTERPRETED, MAX_TICKS);
    for (Ours.Mode mode : List.of(Ours.Mode.BYTE_CODE, Ours.Mode.HOST_CODE)) {
      Ours.Result translated = Ours.run(name, image, mode, MAX_TICKS);
      assertEquals(expected(name), new String(translated.output(), US_ASCII), mode::toString);
      assertEquals(interpreted.ticks(), translated.ticks(), "instructions");
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void onQemu(String name) throws Exception {
    Peers.needQemu();
    assertEquals(expected(name), new String(Qemu.run(Images.elf("tests/" + name), 60), US_ASCII));
  }

  @ParameterizedTest
  @MethodSource("benchmarks")
  void compilesWithoutBailoutOrStorm(String name) throws Exception {
    Ours.Result result = Ours.run(name, Images.elf(name), Ours.Mode.COMPILED, MAX_TICKS);
    assertEquals(0, result.status());
    compilesWell(result);
  }

  private static void compilesWell(Ours.Result result) {
    assertEquals(0, result.failures(), "compilations that failed");
    assertTrue(
        result.deoptimizations() <= MAX_DEOPTIMIZATIONS,
        () -> result.deoptimizations() + " deoptimizations, want at most " + MAX_DEOPTIMIZATIONS);
  }
}
