package org.curios.tests.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite of mx and the poms of Maven say the same. */
class SuiteTest {
  private static final Path ROOT = Path.of(System.getProperty("curios.root", ".."));
  private static final List<String> SOURCES =
      List.of("src/main/java", "src/main/resources", "src/test/java");

  /** The licences that mx defines itself. */
  private static final Set<String> LICENCES_OF_MX =
      Set.of(
          "GPLv2-CPE",
          "BSD-new",
          "CPL",
          "LGPLv21",
          "LGPLv30",
          "MIT",
          "Apache-2.0",
          "EPL-1.0",
          "EPL-2.0");

  /** The package of an import, whose name begins with a small letter as that of no class does. */
  private static final Pattern IMPORT =
      Pattern.compile("import (?:static )?((?:[a-z]\\w*\\.)*[a-z]\\w*)\\.[A-Z*].*;");

  private static Suite suite;
  private static Pom root;
  private static Path repository;

  @BeforeAll
  static void readBoth() throws IOException, InterruptedException, URISyntaxException {
    if (!Suite.hasPython()) {
      if ("true".equals(System.getenv("CI"))) {
        fail("python3 is missing");
      }
      Assumptions.abort("python3 is missing; install it to read mx.curios/suite.py");
    }
    suite = Suite.read(ROOT.resolve("mx.curios/suite.py"));
    root = Pom.read(ROOT, null);
    Path jar = Path.of(Test.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    repository =
        jar.resolve("../../../../../..")
            .normalize(); // org/junit/jupiter/junit-jupiter-api/VERSION/JAR
  }

  @Test
  void nameTheSameModulesAndSources() throws IOException {
    Map<String, Set<String>> expected = new TreeMap<>();
    for (String module : root.modules()) {
      Set<String> there = new TreeSet<>(SOURCES);
      there.removeIf(s -> !Files.isDirectory(ROOT.resolve(module).resolve(s)));
      if (!there.isEmpty()) {
        expected.put(module, there);
      }
    }
    Map<String, Set<String>> named = new TreeMap<>();
    for (String project : suite.names("projects")) {
      named
          .computeIfAbsent(suite.get("projects", project, "dir"), d -> new TreeSet<>())
          .addAll(suite.all("projects", project, "sourceDirs"));
      assertEquals("25", suite.get("projects", project, "javaCompliance"), project);
    }
    assertEquals(expected, named, "source folders by module: the poms' and the suite's");
  }

  @Test
  void nameTheSameDependenciesOfEachModule() throws IOException {
    Map<String, String> ours = new TreeMap<>();
    for (String module : root.modules()) {
      ours.put(Pom.read(ROOT.resolve(module), root).artifactId(), module);
    }
    Function<Artifact, String> fromMaven = a -> ours.getOrDefault(a.name(), a.toString());
    for (String module : root.modules()) {
      Pom pom = Pom.read(ROOT.resolve(module), root);
      Set<String> dependencies = new TreeSet<>();
      Set<String> processors = new TreeSet<>();
      boolean tests = false;
      for (String project : projectsIn(module)) {
        tests |= suite.all("projects", project, "sourceDirs").contains("src/test/java");
        suite.all("projects", project, "dependencies").forEach(d -> dependencies.add(fromSuite(d)));
        suite
            .all("projects", project, "annotationProcessors")
            .forEach(d -> processors.add(fromSuite(d)));
      }
      dependencies.remove(module);
      Set<String> expected =
          pom.dependencies(tests).stream()
              .map(fromMaven)
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(
          expected, dependencies, "dependencies of " + module + ": the pom's and the suite's");
      assertEquals(
          pom.processors().stream().map(fromMaven).collect(Collectors.toSet()),
          processors,
          "annotation processors of " + module + ": the pom's and the suite's");
    }
  }

  /**
   * What Maven took for this run, the indirect dependencies too, is in the suite with the same
   * version.
   */
  @Test
  void librariesAreThoseOfTheClassPath() {
    Set<Artifact> named = artifacts().values().stream().collect(Collectors.toSet());
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> missing =
        Stream.of(classPath.split(File.pathSeparator))
            .map(Path::of)
            .filter(
                p -> p.startsWith(repository) && !p.startsWith(repository.resolve("org/curios")))
            .map(p -> Artifact.of(repository, p))
            .filter(a -> !a.group().equals("org.apache.maven.surefire") && !named.contains(a))
            .map(Artifact::toString)
            .toList();
    assertEquals(List.of(), missing, "libraries that suite.py lacks");
  }

  @Test
  void digestsAreThoseOfTheJars() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Artifact> library : artifacts().entrySet()) {
      Path jar = library.getValue().in(repository);
      assertTrue(
          Files.exists(jar), jar + " is missing: Maven does not use library " + library.getKey());
      byte[] hash = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(jar));
      String digest = "sha512:" + HexFormat.of().formatHex(hash);
      if (!digest.equals(suite.get("libraries", library.getKey(), "digest"))) {
        wrong.add(library.getKey() + ": the jar has " + digest);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void distributionsHoldEveryProjectOnceAndNoLibrary() {
    List<String> packed = new ArrayList<>();
    for (String distribution : suite.names("distributions")) {
      List<String> projects = suite.all("distributions", distribution, "dependencies");
      packed.addAll(projects);
      Set<String> libraries = new TreeSet<>(suite.closure(projects));
      libraries.retainAll(suite.names("libraries"));
      assertEquals(
          libraries,
          new TreeSet<>(suite.all("distributions", distribution, "exclude")),
          distribution + " excludes");
    }
    assertEquals(new ArrayList<>(suite.names("projects")), packed.stream().sorted().toList());
  }

  /** mx refuses a suite that defines one of its licences again. */
  @Test
  void licencesAreThoseOfMxOrNew() {
    Set<String> again = new TreeSet<>(suite.names("licenses"));
    again.retainAll(LICENCES_OF_MX);
    assertEquals(Set.of(), again, "licences that mx defines itself");
    String ours = suite.get("defaultLicense");
    assertTrue(
        LICENCES_OF_MX.contains(ours) || suite.names("licenses").contains(ours),
        ours + " is no licence of mx: define it in suite.py");
  }

  /** A project names the modules of the JDK itself: mx takes none from its dependencies. */
  @Test
  void requiresEachModuleOfTheJdkThatItImports() throws IOException {
    Map<String, String> modules = new TreeMap<>();
    for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
      for (ModuleDescriptor.Exports exported : module.descriptor().exports()) {
        if (!exported.isQualified()) {
          modules.put(exported.source(), module.descriptor().name());
        }
      }
    }
    Map<String, Set<String>> missing = new TreeMap<>();
    for (String project : suite.names("projects")) {
      Set<String> lacks = new TreeSet<>();
      for (String source : sources(project)) {
        IMPORT
            .matcher(Files.readString(Path.of(source)))
            .results()
            .map(found -> modules.getOrDefault(found.group(1), "java.base"))
            .forEach(lacks::add);
      }
      lacks.remove("java.base");
      lacks.removeAll(suite.all("projects", project, "requires"));
      if (!lacks.isEmpty()) {
        missing.put(project, lacks);
      }
    }
    assertEquals(Map.of(), missing, "modules of the JDK that \"requires\" lacks");
  }

  /**
   * Compiles every project as mx does: from the suite's sources and libraries, and the modules of
   * the JDK that the project itself requires.
   */
  @Test
  void suiteSufficesToCompile(@TempDir Path output) throws IOException {
    Set<String> open = new LinkedHashSet<>(suite.names("projects"));
    while (!open.isEmpty()) {
      String next =
          open.stream()
              .filter(
                  p -> suite.all("projects", p, "dependencies").stream().noneMatch(open::contains))
              .findFirst()
              .orElseThrow(() -> new AssertionError("a ring of projects: " + open));
      compile(next, output);
      open.remove(next);
    }
  }

  private void compile(String project, Path output) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-nowarn", "-source", "25", "-target", "25", "-d"));
    arguments.add(output.resolve(project).toString());
    List<String> requires = new ArrayList<>(List.of("java.base"));
    requires.addAll(suite.all("projects", project, "requires"));
    arguments.addAll(List.of("--limit-modules", String.join(",", requires)));
    arguments.addAll(
        List.of("-classpath", path(suite.all("projects", project, "dependencies"), output)));
    List<String> processors = suite.all("projects", project, "annotationProcessors");
    arguments.addAll(
        processors.isEmpty()
            ? List.of("-proc:none")
            : List.of("-processorpath", path(processors, output)));
    arguments.addAll(sources(project));
    java.io.ByteArrayOutputStream messages = new java.io.ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new));
    assertEquals(0, status, () -> project + " does not compile with suite.py:\n" + messages);
  }

  private static List<String> sources(String project) throws IOException {
    List<String> sources = new ArrayList<>();
    for (String source : suite.all("projects", project, "sourceDirs")) {
      Path folder = ROOT.resolve(suite.get("projects", project, "dir")).resolve(source);
      try (Stream<Path> files = Files.walk(folder)) {
        files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private String path(List<String> names, Path output) {
    return suite.closure(names).stream()
        .map(n ->
            suite.names("projects").contains(n)
                ? output.resolve(n)
                : suite.artifact(n).in(repository))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Map<String, Artifact> artifacts() {
    return suite.names("libraries").stream().collect(Collectors.toMap(n -> n, suite::artifact));
  }

  private static List<String> projectsIn(String module) {
    return suite.names("projects").stream()
        .filter(p -> suite.get("projects", p, "dir").equals(module))
        .toList();
  }

  /** A project represents its module, a library for its artifact. */
  private static String fromSuite(String name) {
    if (suite.names("projects").contains(name)) {
      return suite.get("projects", name, "dir");
    }
    return suite.artifact(name).toString();
  }
}
