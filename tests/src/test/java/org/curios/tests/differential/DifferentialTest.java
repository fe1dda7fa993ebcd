package org.curios.tests.differential;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.curios.tests.Peers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DifferentialTest {
  @BeforeEach
  void needsQemu() {
    Peers.needQemu();
  }

  /** Odd seeds run in system mode, even ones in user mode; 38,000 instructions each. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void interpretedInstructionsAgreeWithQemu(long seed) throws Exception {
    assertNull(Main.compare(seed, Main.CASES, Ours.Mode.INTERPRETED));
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void nodesAgreeWithQemu(long seed) throws Exception {
    assertNull(Main.compare(seed, Main.CASES, Ours.Mode.NODES));
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void byteCodeAgreesWithQemu(long seed) throws Exception {
    assertNull(Main.compare(seed, Main.COMPILED_CASES, Ours.Mode.BYTE_CODE));
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9, 10})
  void hostCodeAgreesWithQemu(long seed) throws Exception {
    assertNull(Main.compare(seed, Main.COMPILED_CASES, Ours.Mode.HOST_CODE));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void compiledInstructionsAgreeWithQemu(long seed) throws Exception {
    assertNull(Main.compare(seed, Main.COMPILED_CASES, Ours.Mode.COMPILED));
  }

  @Test
  void interpretedAndCompiledRunsCountTheSame() throws Exception {
    byte[] image = TestImage.build(TestImage.cases(21, 30), false, false, 4, 21);
    Ours.Result interpreted = Ours.run("cases", image, Ours.Mode.INTERPRETED, Long.MAX_VALUE);
    Ours.Result compiled = Ours.run("cases", image, Ours.Mode.COMPILED, Long.MAX_VALUE);
    assertTrue(interpreted.ticks() > 1000, "the image ran");
    assertEquals(interpreted.ticks(), compiled.ticks());
    assertEquals(
        new String(interpreted.output(), US_ASCII), new String(compiled.output(), US_ASCII));
    for (Ours.Mode mode : List.of(Ours.Mode.BYTE_CODE, Ours.Mode.HOST_CODE)) {
      Ours.Result translated = Ours.run("cases", image, mode, Long.MAX_VALUE);
      assertEquals(interpreted.ticks(), translated.ticks());
      assertEquals(
          new String(interpreted.output(), US_ASCII), new String(translated.output(), US_ASCII));
    }
    assertEquals(0, compiled.failures(), "compilations failed");
  }
}
