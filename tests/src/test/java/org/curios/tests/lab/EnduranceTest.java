package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.curios.lab.trial.Endurance;
import org.curios.tests.JsonReader;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Repeated crashes of one running system cost no client anything, and leak nothing. */
class EnduranceTest {
  @ParameterizedTest
  @CsvSource({"ssr-packed, 1000", "ssr-twice, 256"})
  void holds(String policy, int crashes) {
    try (Endurance endurance = new Endurance(policy, 1)) {
      Endurance.Result result = endurance.run(crashes, n -> {});
      assertEquals(crashes, result.crashes());
      assertEquals(crashes, result.restarts() + result.reruns());
      assertEquals(List.of(), result.said());
      assertEquals(List.of(), result.grown());
      assertEquals(Map.of(), result.events());
      assertEquals(Map.of(), result.missed());
      assertTrue(result.good(), result::toString);
      assertTrue(result.within() > crashes / 4, result::toString);
      assertEquals(13, result.requests().size());
    }
  }

  @Test
  void sessionsThatAreLostAreSeen() {
    try (Endurance endurance = new Endurance("restart", 1)) {
      Endurance.Result result = endurance.run(32, n -> {});
      assertFalse(result.good());
      assertTrue(result.complaints() > 0, result::toString);
    }
  }

  @Test
  void servicesThatAreGivenUpEndTheRun() {
    try (Endurance endurance = new Endurance("none", 1)) {
      Endurance.Result result = endurance.run(32, n -> {});
      assertFalse(result.good());
      assertEquals(1, result.crashes());
      assertEquals(1, result.events().get("failed"));
    }
  }

  @Test
  void figuresOfARunCutShort() {
    try (Endurance endurance = new Endurance("ssr-packed", 1)) {
      Endurance.Result result =
          endurance.run(
              1000,
              n -> {
                if (n == 16) {
                  endurance.stop();
                }
              });
      assertEquals(16, result.crashes());
      assertEquals(0, result.first().looks());
      assertTrue(result.last().looks() > 0);
      assertTrue(result.good(), result::toString);
    }
  }

  @Test
  void resultsAsJson() {
    String line = Curios.run("evaluate", "endurance", "--crashes", "250", "--json").expect(0).out();
    Map<String, Object> result = JsonReader.object(line);
    assertEquals(250.0, result.get("crashes"));
    assertEquals(0.0, result.get("wrong"));
    assertEquals(true, result.get("good"));
    assertEquals(List.of(), result.get("grown"));
  }

  @Test
  void badOptionsAreRefused() {
    Curios.run("evaluate", "endurance", "--crashes", "0").complains("--crashes 0", "above 0");
    Curios.run("evaluate", "endurance", "--policy", "sr").complains("--policy sr", "ssr-packed");
  }
}
