package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts in Python, all in one process with Python on its class path; and the experiments, which
 * give the same results as those in JavaScript.
 */
class PythonTest {
  private static final Path ROOT = Path.of(System.getProperty("curios.root", ".."));
  private static final Path EXPERIMENTS = ROOT.resolve("docs/experiments/scripts");
  private static final int MINUTES = 15;

  @TempDir static Path folder;

  static List<String> experiments() throws IOException {
    try (Stream<Path> files = Files.list(EXPERIMENTS)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".py"))
          .map(f -> f.replace(".py", ""))
          .sorted()
          .toList();
    }
  }

  @BeforeAll
  static void runAll() throws Exception {
    Path python = ROOT.resolve("shell/target/python").toAbsolutePath().normalize();
    if (!Files.isDirectory(python)) {
      if ("true".equals(System.getenv("CI"))) {
        fail("Python is not there; ./curios script --fetch-python fetches it");
      }
      Assumptions.abort("Python is not there; ./curios script --fetch-python fetches it");
    }
    for (String name : experiments()) {
      Files.copy(EXPERIMENTS.resolve(name + ".py"), folder.resolve(name + ".py"));
    }
    Path cases = Path.of(PythonTest.class.getResource("model.py").toURI()).getParent();
    try (Stream<Path> files = Files.list(cases)) {
      for (Path f : files.filter(f -> f.toString().endsWith(".py")).toList()) {
        Files.copy(f, folder.resolve(f.getFileName().toString()));
      }
    }
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath + File.pathSeparator + python + "/*",
            Batch.class.getName(),
            folder.toString()));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      fail("did not end within " + MINUTES + " minutes:\n" + Files.readString(log));
    }
    assertEquals(0, process.exitValue(), Files.readString(log));
  }

  private static String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void anExperimentGivesTheSameInBothLanguages(String name, @TempDir Path other)
      throws IOException {
    assertTrue(text(name + ".end").startsWith("0\n"), () -> name + ": " + read(name + ".end"));
    Scripts.Result js =
        Scripts.run(EXPERIMENTS.resolve(name + ".js"), Scripts.options(other), "--short");
    assertEquals(String.join("\n", js.lines()), text(name + ".out").strip());
    assertTrue(js.out().lines().count() > 2, js.out());
    List<String> files = list(other);
    assertEquals(List.of(name + ".csv", name + ".svg"), files);
    assertEquals(files, list(folder.resolve(name)));
    for (String file : files) {
      assertEquals(
          Files.readString(other.resolve(file)),
          Files.readString(folder.resolve(name).resolve(file)),
          file);
    }
  }

  /** The name of a column of numbers says what they count. */
  @ParameterizedTest
  @MethodSource("experiments")
  void columnsHaveUnits(String name) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(name).resolve(name + ".csv"));
    String[] columns = lines.get(0).split(",");
    String[] cells = lines.get(1).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
    for (int i = 0; i < columns.length; i++) {
      if (cells[i].matches("[-0-9.]+")) {
        assertTrue(
            columns[i].matches(
                "(.*_)?(us|ms|bytes|instructions|percent|trials|clients)|clients_.*"),
            columns[i]);
      }
    }
  }

  private static List<String> list(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static String read(String file) {
    try {
      return text(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Each line of model.py that checks something prints what must be true. */
  @Test
  void theObjectModelIsPythons() throws IOException {
    assertEquals("0\nnull", text("model.end"), () -> read("model.out"));
    List<String> wrong =
        Arrays.stream(text("model.out").split("\n")).filter(l -> !l.startsWith("ok ")).toList();
    assertEquals(List.of(), wrong);
    long checks =
        Files.readAllLines(folder.resolve("model.py")).stream()
            .filter(l -> l.startsWith("check("))
            .count();
    assertEquals(checks, text("model.out").lines().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          loop        | 124 | did not end within 2 s
          loopcaught  | 124 | did not end within 2 s
          loopmachine | 124 | did not end within 2 s
          syntax      | 1   | syntax.py:2:9: SyntaxError: invalid syntax
          error       | 1   | error.py:2: UnknownNameError: Memory.read: evnt: no such symbol; did you mean event?
          error       | 1   | called at FOLDER/error.py:5
          error       | 1   | the guest is at tick 2,000,000
          exit        | 7   | null
          process     | 1   | process.py:3: PermissionError: [Errno 1] Operation not permitted: a script may not start processes
          """)
  void whatIsWrongIsSaid(String name, int status, String message) throws IOException {
    String end = text(name + ".end");
    assertTrue(end.startsWith(status + "\n"), end);
    assertTrue(end.contains(message.replace("FOLDER", folder.toString())), end);
    assertFalse(end.contains("\tat ") || end.contains("Traceback"), end);
    assertEquals("", text(name + ".out"));
  }
}
