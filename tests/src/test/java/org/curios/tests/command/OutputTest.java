package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The process ends with its standard output: silently when the reader has closed it, with a message
 * when it cannot be written.
 */
class OutputTest {
  private static final int SIGPIPE = 128 + 13;

  @TempDir Path folder;

  /** Prints forever. */
  private String endless() throws IOException {
    int back = 0xeafffff0; // b to the print
    return new RawProgram().constant(5, 0).print("line\n").words(back).in(folder);
  }

  private static Curios.Result shell(String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
    command.addAll(Curios.command(arguments));
    return Curios.end(
        new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile()).start());
  }

  @Test
  void nobodyReadsTheGuest() throws IOException {
    Curios.Result result =
        shell("\"$@\" | head -n 1; exit ${PIPESTATUS[0]}", "run", "--no-jit", endless());
    assertEquals("line\n", result.expect(SIGPIPE).out());
    assertEquals("", result.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run --help", "--version", "demo --help"})
  void nobodyReadsTheReport(String line) throws IOException {
    Curios.Result result = shell("exec 3> >(true); wait $!; \"$@\" >&3", line.split(" "));
    assertEquals("", result.expect(SIGPIPE).err());
  }

  @Test
  void nobodyReadsTheShell() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash", "-c", "yes services | \"$@\" | head -n 1; exit ${PIPESTATUS[1]}", "bash"));
    command.addAll(Curios.command("shell", "--no-jit"));
    Curios.Result result = Curios.end(new ProcessBuilder(command).start());
    assertEquals("> services\n", result.expect(SIGPIPE).out());
    assertEquals("", result.err());
  }

  @Test
  void aFullDiskEndsTheGuest() throws IOException {
    full(shell("\"$@\" >/dev/full", "run", "--no-jit", endless()));
    full(
        shell(
            "\"$@\" >/dev/full", "run", "--no-jit", new RawProgram().print("a").exit().in(folder)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"run --help", "--version", "demo --help"})
  void aFullDiskEndsTheReport(String line) throws IOException {
    full(shell("\"$@\" >/dev/full", line.split(" ")));
  }

  private static void full(Curios.Result result) {
    result.expect(1);
    assertEquals(
        "curios: standard output cannot be written (No space left on device)\n", result.err());
  }
}
