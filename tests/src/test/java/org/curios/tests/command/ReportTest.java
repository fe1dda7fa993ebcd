package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code curios} reports: help, version, statistics and traces, in forms that scripts may rely
 * on.
 */
class ReportTest {
  /** Rounds of a loop that outlast the first compilation on a busy machine, too. */
  private static final int LONG = 1_000_000_000;

  private static final List<String> FIELDS =
      List.of(
          "ticks",
          "host_seconds",
          "mips",
          "regions",
          "compiled_regions",
          "compile_seconds",
          "code_bytes",
          "deoptimizations");

  @TempDir Path folder;

  /** Takes one JSON object of numbers apart. */
  private static Map<String, Double> json(String line) {
    Matcher object = Pattern.compile("\\{((\"[a-z_]+\":[0-9.]+,?)+)}\\R").matcher(line);
    assertTrue(object.matches(), line);
    Map<String, Double> fields = new LinkedHashMap<>();
    for (String field : object.group(1).split(",")) {
      String[] parts = field.split(":");
      fields.put(parts[0].replace("\"", ""), Double.valueOf(parts[1]));
    }
    return fields;
  }

  @Test
  void statisticsForPeople() throws IOException {
    String image = new RawProgram().print("a\n").exit(5).in(folder);
    Curios.Result result = Curios.run("run", "--no-jit", "--stats", image).expect(5);
    assertEquals("a\n", result.out());
    List<String> names =
        result
            .err()
            .lines()
            .map(l ->
                l.replaceAll("^(.*\\S)  +[0-9.]+$", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replace(' ', '_'))
            .toList();
    assertEquals(FIELDS, names, result.err());
  }

  @Test
  void statisticsForPrograms() throws IOException {
    String image = new RawProgram().print("a\n").exit(5).in(folder);
    Curios.Result result = Curios.run("run", "--no-jit", "--stats=json", image).expect(5);
    assertEquals("a\n", result.out());
    Map<String, Double> statistics = json(result.err());
    assertEquals(FIELDS, List.copyOf(statistics.keySet()));
    assertEquals(4 + 4 + 8 + 4, statistics.get("ticks"));
    assertTrue(statistics.get("host_seconds") > 0 && statistics.get("mips") >= 0, result.err());
    assertEquals(
        0,
        statistics.get("regions")
            + statistics.get("compiled_regions")
            + statistics.get("code_bytes"));
  }

  @Test
  void statisticsOfTheCompiler() throws IOException {
    RawProgram guest = new RawProgram();
    guest.constant(5, LONG).words(0xe2555001, 0x1afffffd); // subs r5, r5, #1; bne
    Map<String, Double> statistics =
        json(Curios.run("run", "--stats=json", guest.exit().in(folder)).expect(0).err());
    assertEquals(4 + 2L * LONG + 4 + 2, statistics.get("ticks"));
    assertTrue(
        statistics.get("regions") >= statistics.get("compiled_regions"), statistics::toString);
    assertTrue(statistics.get("compiled_regions") >= 1, statistics::toString);
    assertTrue(
        statistics.get("compile_seconds") > 0 && statistics.get("code_bytes") > 0,
        statistics::toString);
  }

  @Test
  void aLinePerInstruction() throws IOException {
    Path trace = folder.resolve("trace");
    String image = new RawProgram().words(0xe3a05007, 0xe0956005, 0xe3b00000).exitFor(0).in(folder);
    Curios.Result result =
        Curios.run("run", "--no-jit", "--trace", trace.toString(), image).expect(1);
    assertEquals("", result.out() + result.err());
    List<String> lines = Files.readAllLines(trace);
    assertEquals(3 + 4 + 2, lines.size());
    Pattern form =
        Pattern.compile(
            "(\\d+) ([0-9a-f]{8}) ([0-9a-f]{8}) (.{40})((?: (?:r\\d+|cpsr)=[0-9a-f]{8})*)");
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = form.matcher(lines.get(i));
      assertTrue(line.matches(), lines.get(i));
      assertEquals(i, Integer.parseInt(line.group(1)));
      assertEquals(0x10000 + 4 * i, Integer.parseInt(line.group(2), 16));
    }
    assertEquals(
        "0 00010000 e3a05007 mov r5, #7                               r5=00000007", lines.get(0));
    assertEquals(
        "1 00010004 e0956005 adds r6, r5, r5                          r6=0000000e", lines.get(1));
    assertTrue(
        lines.get(2).matches("2 00010008 e3b00000 movs r0, #0 .* cpsr=4[0-9a-f]{7}"), lines.get(2));
    assertTrue(lines.getLast().matches("8 00010020 ef123456 svc #0x123456 *"), lines.getLast());
  }

  @Test
  void thumbInTheTrace() throws IOException {
    Path trace = folder.resolve("trace");
    String image =
        new RawProgram()
            .words(0x30012005, 0xe7fe46c0)
            .in(folder); // movs r0, #5; adds r0, #1; nop; b .
    Curios.run(
            "run", "--no-jit", "--entry", "0x10001", "--max-ticks", "3", "--trace=" + trace, image)
        .expect(124);
    List<String> lines = Files.readAllLines(trace);
    assertEquals(3, lines.size());
    assertTrue(
        lines.get(0).matches("0 00010000 2005     movs r0, #5 +r0=00000005.*"), lines.get(0));
    assertTrue(
        lines.get(1).matches("1 00010002 3001     adds r0, #1 +r0=00000006.*"), lines.get(1));
  }

  @Test
  void tracesAreTheSameEachTime() throws IOException {
    String image = new RawProgram().print("same").words(RawProgram.BRANCH_TO_SELF).in(folder);
    byte[][] traces = new byte[2][];
    for (int i = 0; i < 2; i++) {
      Path trace = folder.resolve("trace" + i);
      Curios.run("run", "--no-jit", "--max-ticks", "5000", "--trace", trace.toString(), image)
          .expect(124);
      traces[i] = Files.readAllBytes(trace);
    }
    assertTrue(Arrays.equals(traces[0], traces[1]));
    assertEquals(5000, new String(traces[0], StandardCharsets.US_ASCII).lines().count());
  }

  @Test
  void help() {
    Curios.Result result = Curios.run("--help").expect(0);
    assertEquals("", result.err());
    assertTrue(
        result.out().startsWith("Usage: curios ") && result.out().contains("  run "), result.out());
  }

  @Test
  void helpForRun() {
    Curios.Result result = Curios.run("run", "--help").expect(0);
    assertEquals("", result.err());
    for (String option :
        List.of(
            "--ram",
            "--load",
            "--entry",
            "--sd",
            "--max-ticks",
            "--trace",
            "--stats",
            "--no-jit")) {
      assertTrue(result.out().contains(option), option);
    }
    assertTrue(result.out().contains("Exit status:") && result.out().contains("124"), result.out());
  }

  @Test
  void noArgumentsOpenTheShell() {
    assertEquals("", Curios.run().expect(0).out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void version(String option) {
    Curios.Result result = Curios.run(option).expect(0);
    assertTrue(result.out().matches("CuriOS \\d+\\.\\d+\\.\\d+\\R"), result.out());
  }

  @Test
  void versionOfRun() {
    Curios.Result result = Curios.run("run", "--version").expect(0);
    assertTrue(
        result.out().matches("CuriOS \\d+\\.\\d+\\.\\d+\\R"), "run --version: " + result.out());
  }
}
