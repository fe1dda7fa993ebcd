package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.curios.lab.trial.FaultClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code curios evaluate recovery} as its user sees it. */
class EvaluateRecoveryTest {
  private static final Set<String> NUMBERS =
      Set.of(
          "trials",
          "manifested",
          "detected",
          "lossless",
          "silent",
          "degraded",
          "service_lost",
          "system_lost",
          "foreign_ssr_bytes");

  private static JsonObject last(String out) {
    List<String> lines = out.lines().toList();
    return JsonParser.parseString(lines.get(lines.size() - 1)).getAsJsonObject();
  }

  @Test
  void countsTheCodeForFailuresOfServices() {
    JsonObject all = last(Curios.run("evaluate", "code", "--json").expect(0).out());
    assertEquals(Set.of("layer", "clients", "services", "kernel"), all.keySet());
    JsonObject net = all.getAsJsonObject("layer").getAsJsonObject("clients/aware_net.cc");
    String row =
        String.format(
            "  %-30s %5d lines %7d bytes",
            "clients/aware_net.cc", net.get("lines").getAsInt(), net.get("bytes").getAsInt());
    List<String> table = Curios.run("evaluate", "code").expect(0).out().lines().toList();
    assertTrue(table.contains(row), table::toString);
  }

  @Test
  void countsByPolicyAndClass() {
    Curios.Result result =
        Curios.run(
                "evaluate",
                "recovery",
                "--trials=28",
                "--policy=ssr-packed",
                "--policy=ssr",
                "--seed=5",
                "--json")
            .expect(0);
    JsonObject all = last(result.out());
    assertEquals(Set.of("ssr-packed", "ssr"), all.keySet());
    for (String policy : all.keySet()) {
      JsonObject classes = all.getAsJsonObject(policy);
      assertEquals(
          FaultClass.basic().stream().map(FaultClass::word).collect(Collectors.toSet()),
          classes.keySet());
      for (String kind : classes.keySet()) {
        JsonObject numbers = classes.getAsJsonObject(kind);
        assertEquals(NUMBERS, numbers.keySet());
        assertEquals(4, numbers.get("trials").getAsInt());
        int outcomes = 0;
        for (String word :
            List.of("lossless", "silent", "degraded", "service_lost", "system_lost")) {
          outcomes += numbers.get(word).getAsInt();
        }
        assertEquals(numbers.get("manifested").getAsInt(), outcomes, numbers::toString);
      }
    }
  }

  @Test
  void showsATableAndReplaysWhatItLists() {
    Curios.Result result =
        Curios.run(
                "evaluate", "recovery", "--trials=12", "--class=crash", "--service=store", "--list")
            .expect(0);
    assertTrue(result.out().contains("12 trials"), result.out());
    String line = result.out().lines().filter(l -> l.contains("@")).findFirst().orElseThrow();
    String id = line.substring(0, line.indexOf(' '));
    assertTrue(id.startsWith("ssr-packed/crash/store@"), line);
    Curios.Result replay = Curios.run("evaluate", "recovery", "--replay", id).expect(0);
    assertTrue(replay.out().contains("trial      " + id + "\n"), replay.out());
    String outcome = line.substring(line.indexOf("  ") + 2).split(",")[0];
    assertTrue(replay.out().contains("outcome    " + outcome + "\n"), replay.out());
    Curios.Result shell =
        Curios.run("evaluate", "recovery", "--replay", id, "-c", "bt; catch recovered; cont")
            .expect(0);
    assertTrue(shell.out().contains("in store."), shell.out());
    assertTrue(shell.out().contains("recovered: store"), shell.out());
  }

  /** A fault in the middle of a line, at any register: none that is detected costs a character. */
  @Test
  void consoleContinuesFromItsState() {
    Curios.Result result =
        Curios.run(
                "evaluate",
                "recovery",
                "--trials=150",
                "--class=register",
                "--service=console",
                "--seed=11",
                "--list")
            .expect(0);
    List<String> told = result.out().lines().filter(l -> l.contains("recovered-degraded")).toList();
    assertTrue(told.stream().noneMatch(l -> l.contains("data abort")), told::toString);
    assertTrue(result.out().contains("150 trials"), result.out());
  }

  @Test
  void ctrlCLeavesTheResultsSoFar() throws IOException, InterruptedException {
    Process process =
        Curios.start(
            "evaluate", "recovery", "--trials=1000000", "--class=crash", "--list", "--json");
    String line = process.inputReader().readLine();
    assertTrue(line != null && line.contains("@"), line);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Curios.Result result = Curios.end(process);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(130, result.status(), result::err);
    int trials =
        last(result.out())
            .getAsJsonObject("ssr-packed")
            .getAsJsonObject("crash")
            .get("trials")
            .getAsInt();
    assertTrue(trials > 0 && trials < 1_000_000, result.out());
  }

  @ParameterizedTest
  @CsvSource({
    "--trials=0, --trials 0",
    "--policy=snapshots, snapshots",
    "--policy=ssr-paked, ssr-packed",
    "--class=memory, kernel_memory",
    "--class=packet, second machine",
    "--service=nobody, nobody",
    "--replay=nonsense, nonsense",
    "--shell, --replay",
    "--replay=ssr/register/store@1/r0.1, tick 1"
  })
  void wrongWords(String option, String word) {
    Curios.run("evaluate", "recovery", option).complains(word);
  }
}
