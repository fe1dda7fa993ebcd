package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UART0 is standard input and output. */
class ConsoleTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--no-jit", "--ram=128M"})
  void fileForInput(String option) throws IOException {
    Path input = Files.writeString(folder.resolve("input"), "Hello, UART0!\nq");
    String image = new RawProgram().echoUntil('q').exit(3).in(folder);
    Curios.Result result = Curios.runWith(input, "run", option, image).expect(3);
    assertEquals("Hello, UART0!\nq", result.out());
    assertEquals("", result.err());
  }

  @Test
  void fileForInputIsAFunctionOfVirtualTime() throws IOException {
    Path input = Files.writeString(folder.resolve("input"), "deterministicq");
    String image = new RawProgram().echoUntil('q').exit(3).in(folder);
    List<String> ticks =
        List.of("--no-jit", "--no-jit", "--ram=128M").stream()
            .map(o ->
                Curios.runWith(input, "run", o, "--stats=json", image)
                    .expect(3)
                    .err()
                    .replaceAll(",.*\\R", ""))
            .distinct()
            .toList();
    assertEquals(1, ticks.size(), ticks::toString);
  }

  @Test
  void everyByteGoesThrough() throws IOException {
    byte[] bytes = new byte[255];
    for (int i = 0; i < 255; i++) {
      bytes[i] = (byte) (i + 1);
    }
    bytes[254] = 0;
    Path input = Files.write(folder.resolve("input"), bytes);
    Path output = folder.resolve("output");
    Process process =
        Curios.start("run", "--no-jit", new RawProgram().echoUntil((char) 0).exit().in(folder));
    try (OutputStream in = process.getOutputStream()) {
      in.write(Files.readAllBytes(input));
    }
    Files.write(output, process.getInputStream().readAllBytes());
    Curios.end(process).expect(0);
    Assertions.assertArrayEquals(bytes, Files.readAllBytes(output));
  }

  /** Someone at a terminal sees each answer before typing on. */
  @Test
  void talksWithAPerson() throws IOException {
    Process process =
        Curios.start(
            "run", "--no-jit", new RawProgram().print("> ").echoUntil('q').exit().in(folder));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          InputStream out = process.getInputStream();
          OutputStream in = process.getOutputStream();
          assertEquals("> ", new String(out.readNBytes(2), StandardCharsets.US_ASCII));
          for (String word : List.of("a", "bc", "def")) {
            in.write(word.getBytes(StandardCharsets.US_ASCII));
            in.flush();
            assertEquals(
                word, new String(out.readNBytes(word.length()), StandardCharsets.US_ASCII));
          }
          in.write('q');
          in.flush();
          assertEquals("q", new String(out.readAllBytes(), StandardCharsets.US_ASCII));
        },
        "no answer");
    Curios.end(process).expect(0);
  }

  /** The guest cannot know that no more will come; a person ends it with Ctrl-C. */
  @Test
  void interruptEndsTheRun() throws IOException, InterruptedException {
    Process process =
        Curios.start("run", "--no-jit", new RawProgram().print("on").echoUntil('q').in(folder));
    assertEquals(
        "on", new String(process.getInputStream().readNBytes(2), StandardCharsets.US_ASCII));
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Curios.end(process, 20).expect(130);
  }

  /** Tests that run under nohup, in the background, still end what they start. */
  @Test
  void interruptEndsTheRunOfOneWhoIgnoresInterrupts() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
    command.addAll(
        Curios.command("run", "--no-jit", new RawProgram().print("on").echoUntil('q').in(folder)));
    Process process = new ProcessBuilder(command).start();
    assertEquals(
        "on", new String(process.getInputStream().readNBytes(2), StandardCharsets.US_ASCII));
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Curios.end(process, 20).expect(130);
  }

  /** An open terminal gives no hope to a guest whose exceptions go round. */
  @Test
  void deadWithATerminal() throws IOException {
    String vectors =
        RawProgram.write(
            folder.resolve("vectors"), new RawProgram().words(0, RawProgram.UNDEFINED).bytes());
    String image = new RawProgram().words(RawProgram.UNDEFINED).in(folder);
    Process process =
        Curios.start("run", "--no-jit", "--max-ticks=2000000000", "--load", "0:" + vectors, image);
    Curios.end(process).expect(3);
  }
}
