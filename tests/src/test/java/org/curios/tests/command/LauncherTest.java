package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.curios.kernel.Images;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, in a checkout whose build is this one's except for what it makes itself. */
class LauncherTest {
  private static final long SECONDS = 300;
  private static final Pattern COMPILED = Pattern.compile("compiled regions +(\\d+)");
  private static final Pattern CLASS =
      Pattern.compile("jdk\\.graal\\.compiler\\.\\S+ source: (.*)");

  private static final Pattern WARM =
      Pattern.compile(" ([1-4]) +org\\.curios\\.arm\\.warm\\.GuestCode\\S+::run");

  @TempDir Path folder;
  private Path checkout;
  private Path image;

  @BeforeEach
  void checkout() throws IOException {
    Path root = Path.of(System.getProperty("curios.root", "..")).toAbsolutePath().normalize();
    Path built = root.resolve("shell/target");
    checkout = Files.createDirectories(folder.resolve("check out"));
    Path target = Files.createDirectories(checkout.resolve("shell/target"));
    Files.copy(root.resolve("curios"), checkout.resolve("curios"));
    for (String made : List.of("lib", "modules", "js")) {
      Files.createSymbolicLink(target.resolve(made), built.resolve(made));
    }
    try (var jars = Files.newDirectoryStream(built, "curios-shell-*.jar")) {
      for (Path jar : jars) {
        Files.createSymbolicLink(target.resolve(jar.getFileName()), jar);
      }
    }
    Files.createFile(target.resolve(".built"));
    image = Files.write(folder.resolve("busy.elf"), Images.curios("policy=ssr-packed run=busy"));
  }

  /** Runs the guest until Graal has compiled some of it. */
  private Curios.Result run(Path jdk, String jvmOptions) throws IOException {
    return run(jdk, jvmOptions, 12_000_000_000L);
  }

  /** Runs the guest for a moment; returns what is said of the start. */
  private List<String> complaintsOfAStart(Path jdk) throws IOException {
    return said(run(jdk, "", 10_000_000));
  }

  private Curios.Result run(Path jdk, String jvmOptions, long ticks) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                checkout.resolve("curios").toString(),
                "run",
                image.toString(),
                "--max-ticks",
                Long.toString(ticks),
                "--stats")
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("_JAVA_OPTIONS", jvmOptions);
    return Curios.end(builder.start(), SECONDS).expect(124);
  }

  private static Path jdk() {
    return Path.of(System.getProperty("java.home"));
  }

  /** Checks that Graal has compiled the guest's code; returns what else was said. */
  private static List<String> complaints(Curios.Result result) {
    Matcher m = COMPILED.matcher(result.err());
    assertTrue(m.find(), result::err);
    assertFalse(m.group(1).equals("0"), result::err);
    return said(result);
  }

  /** Checks that standard output has nothing of the JVM; returns what else was said. */
  private static List<String> said(Curios.Result result) {
    assertFalse(result.out().contains("["), result::out);
    return result.err().lines().filter(l -> l.contains("curios: ") || l.contains("[")).toList();
  }

  @Test
  void startsFromAnArchiveInWhichGraalIsAndADamagedOneCostsSpeedAlone() throws IOException {
    assumeFalse(Files.readString(jdk().resolve("release")).contains("GRAALVM_VERSION"));
    assertEquals(List.of(), complaintsOfAStart(jdk()));
    Path archive = checkout.resolve("shell/target/runtime/curios.aot");
    assertTrue(Files.size(archive) > 0);
    Path log = folder.resolve("classes.log");
    Path compilations = folder.resolve("compilations.log");
    String logs =
        "-Dcurios.byteCode=true -Xlog:class+load:file=%s -Xlog:jit+compilation=debug:file=%s"
            .formatted(log, compilations);
    assertEquals(List.of(), complaints(run(jdk(), logs)));
    assertEquals(Set.of("1"), levelsOfWarmCode(compilations));
    List<String> sources =
        Files.readAllLines(log).stream()
            .map(CLASS::matcher)
            .filter(Matcher::find)
            .map(m -> m.group(1))
            .toList();
    long archived = sources.stream().filter(s -> s.contains("shared objects")).count();
    assertTrue(
        archived > 1000 && archived > sources.size() * 3L / 4,
        () -> archived + " of " + sources.size());
    Files.writeString(archive, "not an archive");
    assertFalse(complaints(run(jdk(), "")).isEmpty());
  }

  /**
   * The host's compilers that warm code came to: 1 is the plain form of the first, see decisions.
   */
  private static Set<String> levelsOfWarmCode(Path compilations) throws IOException {
    return Files.readAllLines(compilations).stream()
        .map(WARM::matcher)
        .filter(Matcher::find)
        .map(m -> m.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void aJdkThatMakesNoRuntimeIsReportedOnce() throws IOException {
    assumeFalse(Files.readString(jdk().resolve("release")).contains("GRAALVM_VERSION"));
    Path jdk = Files.createDirectories(folder.resolve("jdk"));
    Files.createDirectories(jdk.resolve("bin"));
    Files.copy(jdk().resolve("release"), jdk.resolve("release"));
    for (String tool : List.of("java", "javac")) {
      Files.createSymbolicLink(
          jdk.resolve("bin").resolve(tool), jdk().resolve("bin").resolve(tool));
    }
    Path jlink = jdk.resolve("bin/jlink");
    Files.writeString(jlink, "#!/bin/sh\necho no modules\necho at all >&2\nexit 1\n");
    assertTrue(jlink.toFile().setExecutable(true));
    List<String> first = complaints(run(jdk, ""));
    assertEquals(1, first.size(), first::toString);
    assertTrue(first.get(0).contains("jlink makes no runtime"), first.get(0));
    assertTrue(first.get(0).contains("(no modules at all)"), first.get(0));
    assertEquals(List.of(), complaintsOfAStart(jdk));
  }
}
