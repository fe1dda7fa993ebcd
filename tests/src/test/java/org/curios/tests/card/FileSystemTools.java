package org.curios.tests.card;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** e2fsprogs, which look at an image that CuriOS has made. */
final class FileSystemTools {
  private static final long SECONDS = 60;

  private FileSystemTools() {}

  /** Checks that e2fsck finds nothing to complain about. */
  static void check(Path image) throws IOException, InterruptedException {
    Path log = Files.createTempFile("e2fsck", ".txt");
    try {
      int status = run(log, "e2fsck", "-fn", image.toString());
      assertEquals(0, status, () -> read(log));
    } finally {
      Files.delete(log);
    }
  }

  /** Returns the content of a file in an image. */
  static byte[] content(Path image, String path) throws IOException, InterruptedException {
    Path file = Files.createTempFile("debugfs", ".out");
    Path log = Files.createTempFile("debugfs", ".txt");
    try {
      String command = "dump \"%s\" %s".formatted(path, file);
      assertEquals(0, run(log, "debugfs", "-R", command, image.toString()), () -> read(log));
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
      Files.delete(log);
    }
  }

  /** Returns what a command of debugfs prints. */
  static String debug(Path image, String command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("debugfs", ".txt");
    try {
      run(log, "debugfs", "-R", command, image.toString());
      return read(log);
    } finally {
      Files.delete(log);
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int run(Path log, String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(command));
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }
}
