package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.curios.kernel.Images;
import org.curios.tests.Peers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that calls the host as newlib does has its exit status, its arguments, its standard
 * input, output and error, and the files it may have: the same as on QEMU.
 */
class HostedTest {
  @TempDir Path folder;

  private String image;

  @BeforeEach
  void write() throws IOException {
    image = RawProgram.write(folder.resolve("program.elf"), Images.elf("hosted/program"));
  }

  private Curios.Result run(Path input, List<String> options, String... arguments) {
    List<String> words = new ArrayList<>(List.of("run", "--no-jit"));
    words.addAll(options);
    words.addAll(List.of(image, "--"));
    words.addAll(List.of(arguments));
    return Curios.runWith(input, words.toArray(String[]::new));
  }

  private Curios.Result run(String... arguments) {
    return run(Path.of("/dev/null"), List.of(), arguments);
  }

  private Curios.Result qemu(Path input, String arguments) throws IOException {
    return Curios.end(
        new ProcessBuilder(
                "qemu-system-arm",
                "-M",
                "versatilepb",
                "-display",
                "none",
                "-serial",
                "none",
                "-monitor",
                "none",
                "-audiodev",
                "none,id=none",
                "-semihosting-config",
                "enable=on,target=native",
                "-kernel",
                image,
                "-append",
                arguments)
            .redirectInput(input.toFile())
            .start());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 42, 255})
  void exitStatus(int status) throws IOException {
    run("exit", Integer.toString(status)).expect(status);
    Peers.needQemu();
    assertEquals(status, qemu(Path.of("/dev/null"), "exit " + status).status());
  }

  @Test
  void argumentsReachTheProgram() {
    assertEquals(
        "[one]\n[two words]\n[it's]\n[]\n[say \"x\"]\n[--stats=json]\n[--]\n",
        run("one", "two words", "it's", "", "say \"x\"", "--stats=json", "--").expect(8).out());
    assertEquals("", Curios.run("run", "--no-jit", image).expect(1).out());
  }

  @Test
  void argumentsWithoutDashesAreRefused() {
    Curios.Result result = Curios.run("run", "--no-jit", image, "exit", "42").expect(2);
    assertEquals(
        "curios: exit: put arguments of the guest after --: curios run IMAGE -- ARG",
        result.err().lines().findFirst().orElseThrow());
  }

  @Test
  void aFileForInput() throws IOException {
    Path input = folder.resolve("input");
    Files.writeString(input, "line\n".repeat(1000));
    Curios.Result result = run(input, List.of(), "cat").expect(0);
    assertEquals("line\n".repeat(1000), result.out());
    assertEquals("copied\n", result.err());
    Files.writeString(input, "1 2 3\n40 5\n");
    String sums = run(input, List.of(), "sum").expect(0).out();
    assertEquals("sum 6\nsum 51\nend\n", sums);
    Peers.needQemu();
    assertEquals(sums, qemu(input, "sum").out());
  }

  @Test
  void noInput() {
    run("cat").expect(1);
  }

  /** What is typed is read as it comes, and answered before there is more. */
  @Test
  void aPipeForInput() throws IOException {
    Process process = Curios.start("run", "--no-jit", image, "--", "sum");
    var in = process.getOutputStream();
    var out = process.getInputStream();
    for (String[] step : new String[][] {{"1 2\n", "sum 3\n"}, {"4\n", "sum 7\n"}}) {
      in.write(step[0].getBytes(StandardCharsets.US_ASCII));
      in.flush();
      assertEquals(
          step[1], new String(out.readNBytes(step[1].length()), StandardCharsets.US_ASCII));
    }
    in.close();
    assertEquals("end\n", new String(out.readAllBytes(), StandardCharsets.US_ASCII));
    Curios.end(process).expect(0);
  }

  /** A program that waits for input can be interrupted, with the JIT as well. */
  @ParameterizedTest
  @ValueSource(strings = {"--no-jit", "--ram=128M"})
  void interruptedWhileItReads(String option) throws IOException, InterruptedException {
    Process process = Curios.start("run", option, image, "--", "sum");
    process.getOutputStream().write("1\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
    assertEquals(
        "sum 1\n", new String(process.getInputStream().readNBytes(6), StandardCharsets.US_ASCII));
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Curios.end(process).expect(130);
  }

  /** Virtual time passes while it waits, so that a limit ends it. */
  @Test
  void outOfTicksWhileItReads() throws IOException {
    Process process = Curios.start("run", "--no-jit", "--max-ticks=20000000", image, "--", "sum");
    Curios.end(process).expect(124);
  }

  @Test
  void filesOfAFolder() throws IOException {
    Path host = Files.createDirectory(folder.resolve("host"));
    List<String> option = List.of("--host-dir", host.toString());
    assertEquals(
        """
        written 12
        length 12
        close 0
        close again fails
        seek 0
        read 10
        read on 0
        file
        more
        write to it fails
        """,
        run(Path.of("/dev/null"), option, "file", "new.txt").expect(0).out());
    assertEquals("hello, file\nmore\n", Files.readString(host.resolve("new.txt")));
    run(Path.of("/dev/null"), option, "rename", "new.txt", "old.txt").expect(0);
    assertEquals(
        "hello, file\nmore\n", run(Path.of("/dev/null"), option, "get", "old.txt").expect(0).out());
    assertEquals(
        "errno 13\n", run(Path.of("/dev/null"), option, "get", "../program.elf").expect(1).out());
    run(Path.of("/dev/null"), option, "remove", "old.txt").expect(0);
    run(Path.of("/dev/null"), option, "remove", "old.txt").expect(2);
  }

  @Test
  void noFilesWithoutAFolder() {
    assertEquals("errno 2\n", run("get", image).expect(1).out());
    assertEquals("errno 2\n", run("file", folder.resolve("new").toString()).expect(1).out());
  }
}
