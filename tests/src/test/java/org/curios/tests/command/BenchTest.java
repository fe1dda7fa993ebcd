package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code curios bench}: a small part of it, and how it complains. No time is judged. */
class BenchTest {
  private static final long SECONDS = 300;

  private static void needQemu() {
    Peers.needQemu();
  }

  private static Curios.Result bench(String... arguments) throws IOException {
    return Curios.end(Curios.bench(arguments).start(), SECONDS);
  }

  private static double figure(String json, String key) {
    Matcher m = Pattern.compile("\"" + Pattern.quote(key) + "\":([0-9.e+-]+)").matcher(json);
    assertTrue(m.find(), () -> key + " in " + json);
    return Double.parseDouble(m.group(1));
  }

  @Test
  void rowsOfThreeSectionsAndTheirJson() throws IOException {
    needQemu();
    Curios.Result result =
        bench("--quick", "--only", "crc-thumb,svc,call,interpreted-crc", "--json").expect(0);
    assertEquals("", result.err());
    List<String> lines = result.out().lines().toList();
    for (String row : List.of("crc-thumb", "svc", "call", "interpreted-crc")) {
      assertTrue(lines.stream().anyMatch(l -> l.startsWith(row + " ")), () -> result.out());
    }
    String json = lines.getLast();
    assertTrue(json.startsWith("{") && json.endsWith("]}"), json);
    for (String key :
        List.of(
            "programs.geomean_vs_qemu",
            "programs.min_vs_qemu",
            "system.min_vs_qemu",
            "os.calls_vs_qemu",
            "interpreter.mips")) {
      assertTrue(figure(json, key) > 0, () -> key + " in " + json);
    }
    assertTrue(json.contains("\"row\":\"svc\""), json);
  }

  @Test
  void theHostAndUnicornGiveTheSameResults() throws IOException {
    needQemu();
    Curios.Result result = bench("--quick", "--peer", "unicorn", "--only", "hash").expect(0);
    assertTrue(result.out().contains("unicorn ms"), result.out());
  }

  @Test
  void listsItsRowsWithoutQemu() throws IOException {
    ProcessBuilder builder = Curios.bench("--list");
    builder.environment().put("PATH", "/nowhere");
    String out = Curios.end(builder.start(), SECONDS).expect(0).out();
    for (String row : List.of("compiler-thumb", "tlb-flush", "call-mapped", "code-4M")) {
      assertTrue(out.contains("  " + row), out);
    }
  }

  /** What Linux does is said by the script of its RAM disk. */
  @Test
  void rowsOfLinuxAreThoseOfItsScript() throws IOException {
    String script =
        Files.readString(Path.of(System.getProperty("curios.root", ".."), "tests/linux/init"));
    int start = script.indexOf("while [ \"$round\"");
    String work = script.substring(start, script.indexOf("\ndone\n", start));
    List<String> rows =
        work.lines()
            .map(String::strip)
            .filter(l -> l.startsWith("echo \"ROW "))
            .map(l -> "linux-" + l.substring("echo \"ROW ".length(), l.length() - 1))
            .toList();
    assertTrue(rows.size() > 3, rows::toString);
    String out = bench("--list").expect(0).out();
    assertEquals(
        rows,
        out.lines()
            .map(String::strip)
            .filter(l -> l.startsWith("linux-") && !l.equals("linux-boot"))
            .toList());
  }

  @Test
  void noSuchRow() throws IOException {
    needQemu();
    bench("--only", "sieve,sief").complains("sief", "no such section or row", "--list");
  }

  @Test
  void noSuchPeer() throws IOException {
    needQemu();
    bench("--peer", "bochs").complains("bochs", "unicorn");
    bench("--peer", "unicorn", "--only", "svc").complains("unicorn", "programs");
  }

  @Test
  void wrongNumbers() throws IOException {
    needQemu();
    bench("--pairs", "0").complains("--pairs");
    bench("--seconds", "Infinity").complains("--seconds");
    assertTrue(bench("--pairs", "many").expect(2).err().contains("Try: curios bench --help"));
  }

  @Test
  void withoutQemu() throws IOException {
    ProcessBuilder builder = Curios.bench("--only", "sieve");
    builder.environment().put("PATH", "/nowhere");
    Curios.end(builder.start(), SECONDS).complains("qemu-system-arm", "install it");
  }

  /**
   * A row that cannot be measured is reported, with what the peer says; the others are measured.
   */
  @Test
  void goesOnBehindARowThatFails(@TempDir Path folder) throws IOException {
    Path qemu = folder.resolve("qemu-system-arm");
    Files.writeString(
        qemu,
        """
        #!/bin/sh
        [ "$1" = --version ] && echo 'QEMU emulator version 0' && exit
        echo 'qemu-system-arm: no such audio driver' >&2
        exit 1
        """);
    assertTrue(qemu.toFile().setExecutable(true));
    ProcessBuilder builder = Curios.bench("--quick", "--only", "svc,interpreted-crc", "--json");
    builder.environment().merge("PATH", folder.toString(), (old, first) -> first + ":" + old);
    Curios.Result result = Curios.end(builder.start(), SECONDS).expect(1);
    assertTrue(result.out().contains("no such audio driver"), result.out());
    assertFalse(result.out().contains("wrong result"), result.out());
    assertTrue(result.err().contains("failed: svc"), result.err());
    String json = result.out().lines().toList().getLast();
    assertTrue(json.contains("\"failures\":{\"svc\":"), json);
    assertTrue(figure(json, "interpreter.mips") > 0);
  }

  @Test
  void takesItsProcessesAndFilesAlong(@TempDir Path folder)
      throws IOException, InterruptedException {
    needQemu();
    ProcessBuilder builder = Curios.bench("--only", "sieve", "--seconds", "100");
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder);
    Process bench = builder.start();
    try {
      ProcessHandle qemu = null;
      for (int i = 0; i < 3000 && qemu == null; i++) {
        Thread.sleep(20);
        qemu =
            bench
                .descendants()
                .filter(p -> p.info().command().orElse("").contains("qemu-system-arm"))
                .findFirst()
                .orElse(null);
      }
      assertTrue(qemu != null, "no qemu-system-arm was started");
      bench.toHandle().destroy();
      assertTrue(bench.waitFor(60, TimeUnit.SECONDS));
      qemu.onExit().completeOnTimeout(null, 30, TimeUnit.SECONDS).join();
      assertFalse(qemu.isAlive(), "qemu-system-arm is left behind");
      assertEquals(List.of(), List.of(folder.toFile().list()), "files are left behind");
    } finally {
      bench.destroyForcibly();
    }
  }
}
