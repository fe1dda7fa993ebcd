package org.curios.tests.encodings;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every encoding does what the ARM Architecture Reference Manual says, by the tables of cases among
 * the resources.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EncodingsTest {
  private final List<Case> cases = Case.all();
  private Runner interpreted;
  private Runner nodes;
  private Runner translated;
  private Runner hosted;
  private Runner compiled;

  List<Case> cases() {
    return cases;
  }

  @BeforeAll
  void makeMachines() throws Exception {
    interpreted = new Runner(Ours.Mode.INTERPRETED);
    nodes = new Runner(Ours.Mode.NODES);
    translated = new Runner(Ours.Mode.BYTE_CODE);
    hosted = new Runner(Ours.Mode.HOST_CODE);
    compiled = new Runner(Ours.Mode.COMPILED);
  }

  @AfterAll
  void closeMachines() {
    interpreted.close();
    nodes.close();
    translated.close();
    hosted.close();
    compiled.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepped(Case c) {
    interpreted.step(c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void interpreted(Case c) {
    interpreted.runBlock(c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void interpretedByNodes(Case c) {
    nodes.runBlock(c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void asHostCode(Case c) {
    assertTrue(hosted.runTranslated(c), () -> "not translated: " + c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void translated(Case c) {
    assertTrue(translated.runTranslated(c), () -> "not translated: " + c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void compiled(Case c) {
    assertTrue(compiled.runCompiled(c), () -> "not compiled: " + c);
  }

  @Test
  void everyEncodingHasACase() {
    Set<Encoding> untested = EnumSet.allOf(Encoding.class);
    cases.stream().map(Case::encoding).filter(Objects::nonNull).forEach(untested::remove);
    assertTrue(untested.isEmpty(), () -> "encodings without a case: " + untested);
  }

  @Test
  void wordsHaveTheEncodingTheyAreListedWith() {
    assertAll(
        cases.stream()
            .map(c ->
                () -> {
                  int word = c.words().getLast();
                  Encoding found = c.thumb() ? EncodingTable.thumb(word) : EncodingTable.arm(word);
                  assertEquals(c.encoding(), found, c.toString());
                }));
  }

  @Test
  void noCaseIsThereTwice() {
    Set<String> twice =
        cases.stream()
            .collect(
                Collectors.groupingBy(c -> c.words() + " " + c.before(), Collectors.counting()))
            .entrySet()
            .stream()
            .filter(e -> e.getValue() > 1)
            .map(e -> e.getKey().substring(0, 40))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), twice);
  }
}
