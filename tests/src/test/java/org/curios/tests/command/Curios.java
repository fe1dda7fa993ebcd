package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code org.curios.shell.Main} in its own process, with the options that the launcher script
 * gives.
 */
public final class Curios {
  private static final long SECONDS = 60;

  private Curios() {}

  /**
   * How a process ended.
   *
   * @param status exit status
   * @param out standard output
   * @param err standard error
   */
  public record Result(int status, String out, String err) {
    /** Checks that it ended so, saying what it said if not. */
    public Result expect(int expected) {
      assertEquals(expected, status, () -> "exit status; it said:\n" + out + err);
      assertFalse(
          err.contains("\tat ") || err.contains("Exception"), () -> "a stack trace:\n" + err);
      return this;
    }

    /** Checks that it complained in one line, with these words in it. */
    public void complains(String... words) {
      expect(2);
      assertEquals("", out);
      assertEquals(1, err.lines().count(), () -> "one line:\n" + err);
      assertTrue(err.startsWith("curios: "), err);
      for (String word : words) {
        assertTrue(err.contains(word), () -> "'" + word + "' in: " + err);
      }
    }
  }

  /** Runs with no input. */
  public static Result run(String... arguments) {
    return runWith(Path.of("/dev/null"), arguments);
  }

  /** Runs with a file as standard input. */
  public static Result runWith(Path input, String... arguments) {
    try {
      return end(builder(arguments).redirectInput(input.toFile()).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs with a text as standard input. */
  public static Result runWith(String input, String... arguments) throws IOException {
    Process process = builder(arguments).start();
    try (var in = process.outputWriter()) {
      in.write(input);
    }
    return end(process);
  }

  public static Process start(String... arguments) throws IOException {
    return builder(arguments).start();
  }

  /** Makes a process of {@code curios bench}. */
  static ProcessBuilder bench(String... arguments) {
    return builder("org.curios.bench.Main", arguments).redirectInput(Path.of("/dev/null").toFile());
  }

  public static Result end(Process process) {
    return end(process, SECONDS);
  }

  /** Waits for the end of a process, with a limit. */
  public static Result end(Process process, long seconds) {
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> text(process.errorReader()));
    CompletableFuture<String> out =
        CompletableFuture.supplyAsync(() -> text(process.inputReader()));
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "did not end within " + seconds + " s; it said:\n" + out.join() + err.join());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
    return new Result(process.exitValue(), out.join(), err.join());
  }

  /** Returns what a process writes, and why there is no more if it had to be killed. */
  private static String text(java.io.Reader reader) {
    java.io.StringWriter text = new java.io.StringWriter();
    try (reader) {
      reader.transferTo(text);
    } catch (IOException e) {
      text.append("[%s]%n".formatted(e.getMessage()));
    }
    return text.toString();
  }

  /** Returns the command line of a process. */
  public static List<String> command(String... arguments) {
    return builder(arguments).command();
  }

  /** Returns the command line of a process with another main class. */
  public static List<String> commandOf(String main, String... arguments) {
    return builder(main, arguments).command();
  }

  private static ProcessBuilder builder(String... arguments) {
    return builder("org.curios.shell.Main", arguments);
  }

  private static ProcessBuilder builder(String main, String... arguments) {
    Path root = Path.of(System.getProperty("curios.root", "..")).toAbsolutePath().normalize();
    Path modules = root.resolve("shell/target/modules");
    assertTrue(Files.isDirectory(modules), modules + " is missing; build the shell first");
    // A shell in the background has SIGINT ignored, and so would have what is started here.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4", "-Xshare:auto"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    if (isGraalVm() || Arrays.asList(arguments).contains("--no-jit")) {
      command.add("--enable-native-access=ALL-UNNAMED");
    } else {
      command.add("--upgrade-module-path=" + modules);
      command.addAll(List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+EnableJVMCI"));
      command.add(
          "--add-modules=org.graalvm.truffle,org.graalvm.truffle.runtime,jdk.graal.compiler");
      command.add("--enable-native-access=org.graalvm.truffle,ALL-UNNAMED");
    }
    command.add("-Dcurios.root=" + root);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private static boolean isGraalVm() {
    try {
      Path release = Path.of(System.getProperty("java.home"), "release");
      return Files.readString(release, StandardCharsets.UTF_8)
          .lines()
          .anyMatch(l -> l.startsWith("GRAALVM_VERSION"));
    } catch (IOException e) {
      return false;
    }
  }
}
