package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.curios.lab.script.ScriptEnd;
import org.curios.lab.script.ScriptOptions;
import org.curios.lab.script.ScriptRunner;
import org.curios.lab.script.Starter;
import org.curios.lab.script.model.Workbench;

/** Runs scripts on a freshly booted machine, in this process. */
final class Scripts {
  private static final int SECONDS = 120;

  private Scripts() {}

  /**
   * What a script has led to.
   *
   * @param end status and complaint
   * @param out what it has printed
   */
  record Result(ScriptEnd end, String out) {
    /** Checks that it went well; returns its lines. */
    List<String> lines() {
      assertEquals(0, end.status(), () -> end.message() + "\n" + out);
      return out.lines().toList();
    }

    /** Checks that it ended with an error that says all of this, and with no stack trace. */
    void complains(int status, String... words) {
      assertEquals(status, end.status(), () -> end.message() + "\n" + out);
      for (String word : words) {
        assertTrue(end.message().contains(word), () -> "'" + word + "' in: " + end.message());
      }
      assertFalse(
          end.message().contains("\tat ") || end.message().contains("org.curios"), end.message());
    }
  }

  static ScriptOptions options(Path folder) {
    return new ScriptOptions(false, false, Duration.ofSeconds(SECONDS), 0, folder);
  }

  /** Runs a script file. */
  static Result run(Path file, ScriptOptions options, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Workbench workbench = new Workbench(null, false)) {
      ScriptRunner runner =
          new ScriptRunner(options, InputStream.nullInputStream(), out, System.err);
      ScriptEnd end =
          runner.run(
              file,
              List.of(arguments),
              workbench,
              new Starter(workbench).boot(null, null, null, null));
      return new Result(end, out.toString(StandardCharsets.UTF_8));
    }
  }

  /** Runs JavaScript. */
  static Result js(Path folder, ScriptOptions options, String... lines) throws IOException {
    Path file = Files.writeString(folder.resolve("test.js"), String.join("\n", lines) + "\n");
    return run(file, options);
  }

  /** Runs JavaScript with nothing allowed. */
  static Result js(Path folder, String... lines) throws IOException {
    return js(folder, options(folder), lines);
  }
}
