package org.curios.tests.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.curios.tests.JsonReader;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GraalVM's sampler and tracer tell of guest functions and source lines. */
@Timeout(600)
class SamplerTest {
  @TempDir private Path folder;

  private static void names(Object value, List<String> names) {
    if (value instanceof Map<?, ?> map) {
      if (map.get("root_name") instanceof String name) {
        names.add(name);
      }
      map.values().forEach(v -> names(v, names));
    } else if (value instanceof List<?> list) {
      list.forEach(v -> names(v, names));
    }
  }

  @Test
  void samplerSeesGuestFunctions() throws Exception {
    Path json = folder.resolve("samples.json");
    Curios.run(
            "run",
            Debuggee.image("bench/quicksort"),
            "--cpusampler=json",
            "--tool-output",
            json.toString())
        .expect(0);
    List<String> names = new ArrayList<>();
    names(JsonReader.parse(Files.readString(json)), names);
    assertTrue(names.containsAll(List.of("_start", "main", "unit", "sort")), names::toString);
  }

  @Test
  void samplerDrawsAFlameGraph() throws Exception {
    Path svg = folder.resolve("samples.svg");
    Curios.run(
            "run",
            Debuggee.image("bench/quicksort"),
            "--cpusampler=flamegraph",
            "--tool-output",
            svg.toString())
        .expect(0);
    String drawn = Files.readString(svg);
    assertTrue(drawn.contains("<svg") && drawn.contains("sort"), "a flame graph with sort in it");
  }

  @Test
  void tracerCountsFunctionsAndLinesExactly() throws Exception {
    Path json = folder.resolve("counts.json");
    Curios.run(
            "run",
            Debuggee.image("bench/quicksort"),
            "--cputracer=json",
            "--tool-output",
            json.toString())
        .expect(0);
    Map<String, Double> roots = new HashMap<>();
    Map<Integer, Double> lines = new HashMap<>();
    for (Object entry : JsonReader.list(JsonReader.parse(Files.readString(json)), "profile")) {
      Object section = JsonReader.at(entry, "source_section");
      String source = String.valueOf(JsonReader.at(section, "source_name"));
      int first = JsonReader.number(section, "start_line");
      double count = (Double) JsonReader.at(entry, "count");
      if (first == JsonReader.number(section, "end_line") && source.equals("bench.cc")) {
        lines.merge(first, count, Double::sum);
      }
      roots.merge(
          JsonReader.at(entry, "root_name")
              + ":"
              + first
              + "-"
              + JsonReader.number(section, "end_line"),
          count,
          Double::sum);
    }
    assertEquals(20, lines.get(9), () -> "calls of unit in line 9 of bench.cc: " + lines);
    assertTrue(
        roots.entrySet().stream()
            .anyMatch(e -> e.getKey().startsWith("unit:") && e.getValue() == 20),
        () -> "unit runs 20 times: " + roots);
  }

  @Test
  void wrongOptionsAreSaid() {
    String image = Debuggee.image("bench/sieve");
    Curios.run("run", image, "--cpusampler=xml").complains("xml", "histogram", "flamegraph");
    Curios.run("run", image, "--tool-output", "x").complains("--tool-output", "--cpusampler");
    Curios.run("run", image, "--cputracer", "--trace", "/dev/null").complains("--trace");
  }
}
