package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the real gdb, the independent debugger, in batch mode. */
public final class Gdb {
  private static final String COMMAND = "gdb-multiarch";
  private static final long SECONDS = 240;
  private static final Path KERNEL = Path.of(System.getProperty("curios.root", ".."), "kernel");

  /** Between the outputs of two commands. */
  private static final String MARK = "@@@";

  private Gdb() {}

  /** What each command of a session has printed. */
  record Session(List<String> commands, List<String> outputs, String all) {
    /** Returns what a command has printed, the nth of its kind from 0. */
    String of(String command, int nth) {
      int seen = 0;
      for (int i = 0; i < commands.size() && i < outputs.size(); i++) {
        if (commands.get(i).equals(command) && seen++ == nth) {
          return outputs.get(i);
        }
      }
      throw new AssertionError("no output of " + command + " in:\n" + all);
    }

    String of(String command) {
      return of(command, 0);
    }

    /** Checks that a command has printed a text. */
    Session says(String command, int nth, String text) {
      String output = of(command, nth);
      assertTrue(output.contains(text), () -> command + " says:\n" + output + "\nin:\n" + all);
      return this;
    }

    Session says(String command, String text) {
      return says(command, 0, text);
    }
  }

  /** Returns where a source file of the kernel has a text first, as gdb wants it. */
  static String place(String file, String text) throws IOException {
    List<String> lines = Files.readAllLines(KERNEL.resolve(file));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(text)) {
        return Path.of(file).getFileName() + ":" + (i + 1);
      }
    }
    throw new AssertionError(file + " has no line with " + text);
  }

  /** Attaches to a port and carries commands out; those in error do not end the session. */
  static Session run(int port, String... commands) throws IOException {
    List<String> line = new ArrayList<>(List.of(COMMAND, "-nx", "-q", "-batch"));
    for (String setting :
        List.of(
            "set pagination off",
            "set confirm off",
            "set width 0",
            "set remotetimeout 60",
            "set tcp connect-timeout 60",
            "set print thread-events off",
            "set style enabled off",
            "maintenance set internal-error corefile no",
            "directory " + KERNEL)) {
      line.addAll(List.of("-ex", setting));
    }
    List<String> all = new ArrayList<>();
    all.add("target remote 127.0.0.1:" + port);
    all.addAll(List.of(commands));
    for (String command : all) {
      line.addAll(List.of("-ex", "echo " + MARK + "\\n", "-ex", command));
    }
    String said = run(line);
    List<String> outputs = new ArrayList<>(List.of(said.split(MARK + "\n", -1)));
    outputs.remove(0);
    return new Session(all, outputs, said);
  }

  /**
   * Carries out commands on an image, without a target.
   *
   * @return the lines that they print
   */
  public static List<String> ask(Path folder, byte[] elf, List<String> commands)
      throws IOException {
    Path image = Files.write(folder.resolve("image.elf"), elf);
    List<String> script =
        new ArrayList<>(List.of("set pagination off", "set width 0", "set confirm off"));
    script.addAll(commands);
    Path file = Files.write(folder.resolve("commands.gdb"), script);
    return run(List.of(COMMAND, "-nx", "-batch", "-x", file.toString(), image.toString()))
        .lines()
        .toList();
  }

  private static String run(List<String> line) throws IOException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> {
          try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return "lost: " + e;
          }
        });
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("gdb did not end within " + SECONDS + " s:\n" + output.join());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
    return output.join();
  }
}
