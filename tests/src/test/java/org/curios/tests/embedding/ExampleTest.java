package org.curios.tests.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.curios.kernel.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the documentation compiles, runs, and says what the documentation says. */
class ExampleTest {
  private static final Path ROOT =
      Path.of(System.getProperty("curios.root", "..")).toAbsolutePath().normalize();
  private static final Path EXAMPLE = ROOT.resolve("docs/examples/embedding");

  @TempDir private Path folder;

  @Test
  void compilesAndRuns() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-d",
                folder.toString(),
                "-cp",
                classPath,
                EXAMPLE.resolve("src/main/java/example/Embedding.java").toString());
    assertEquals(0, status, messages::toString);

    Path image = folder.resolve("quicksort.elf");
    Files.write(image, Images.elf("bench/quicksort"));
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(
        List.of(
            "--upgrade-module-path=" + ROOT.resolve("shell/target/modules"),
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+EnableJVMCI",
            "--add-modules=org.graalvm.truffle,org.graalvm.truffle.runtime,jdk.graal.compiler",
            "--enable-native-access=org.graalvm.truffle,ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            folder + File.pathSeparator + classPath,
            "example.Embedding",
            image.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
    assertEquals(0, process.exitValue(), said);
    List<String> lines = said.lines().filter(l -> !l.equals("a293befe")).toList();
    assertEquals(20, said.lines().filter("a293befe"::equals).count(), said);
    assertTrue(lines.get(0).matches("in main after \\d+ instructions"), said);
    assertTrue(lines.get(1).contains("main (programs/bench/bench.cc:6)"), said);
    assertTrue(lines.get(2).contains("_start (lib/start.S:17)"), said);
    assertTrue(lines.get(3).matches("sp = 0x000584[0-9a-f]{2}, r0 = 0x[0-9a-f]{8}"), said);
    assertEquals("below sp: 51966", lines.get(4), said);
    assertEquals("stopped by tick", lines.get(5), said);
    assertEquals(lines.get(0).replaceAll("\\D", ""), lines.get(6).replaceAll("\\D", ""), said);
    assertEquals("ended with status 0 after 25485063", lines.get(7), said);
    String guide = Files.readString(ROOT.resolve("docs/tools.md"));
    assertTrue(
        guide.contains(lines.get(3)), "docs/tools.md shows what the example prints: " + said);
  }

  @Test
  void versionsAreThoseOfTheProject() throws Exception {
    String ours = Files.readString(ROOT.resolve("pom.xml"));
    String theirs = Files.readString(EXAMPLE.resolve("pom.xml"));
    for (String name : List.of("graalvm.version")) {
      assertEquals(value(ours, name), value(theirs, name), name);
    }
    assertEquals(value(ours, "version"), value(theirs, "curios.version"));
  }

  private static String value(String pom, String name) {
    int at = pom.indexOf("<" + name + ">") + name.length() + 2;
    return pom.substring(at, pom.indexOf('<', at));
  }
}
