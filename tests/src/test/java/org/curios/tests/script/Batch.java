package org.curios.tests.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.curios.lab.script.ScriptOptions;

/**
 * A process that runs the scripts of a folder one after the other, for the tests of Python, which
 * is not on the class path of the others. Leaves what each has printed in a file beside it, and how
 * it has ended in another one.
 */
final class Batch {
  private static final int SECONDS = 300;

  private Batch() {}

  /**
   * Runs them.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<Path> scripts;
    try (Stream<Path> files = Files.list(folder)) {
      scripts = files.filter(f -> f.toString().endsWith(".py")).sorted().toList();
    }
    for (Path script : scripts) {
      String name = script.getFileName().toString().replace(".py", "");
      Duration limit = Duration.ofSeconds(name.startsWith("loop") ? 2 : SECONDS);
      Path results = Files.createDirectories(folder.resolve(name));
      Scripts.Result result =
          Scripts.run(script, new ScriptOptions(false, false, limit, 0, results), "--short");
      Files.writeString(folder.resolve(name + ".out"), result.out());
      Files.writeString(
          folder.resolve(name + ".end"), result.end().status() + "\n" + result.end().message());
    }
  }
}
